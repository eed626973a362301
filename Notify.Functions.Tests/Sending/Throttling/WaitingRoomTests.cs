using System.Text.Json;
using Notify.Functions.Contract;
using Notify.Functions.Sending.Throttling;

namespace Notify.Functions.Tests.Sending.Throttling;

public sealed class WaitingRoomTests
{
    private readonly WaitingRoom _room = new();

    [Theory]
    [InlineData(RateClass.Critical, 16, 16)]
    [InlineData(RateClass.High, 8, 12)]
    [InlineData(RateClass.Rest, 12, 18)]
    public void So_many_wait_and_who_is_back_finds_room_where_others_do_not(RateClass of, int first, int back)
    {
        var places = Enumerable.Range(0, 40).Select(_ => _room.TryEnter(Channel.Sms, of, isBack: false)).OfType<IDisposable>().ToList();
        var more = Enumerable.Range(0, 40).Select(_ => _room.TryEnter(Channel.Sms, of, isBack: true)).OfType<IDisposable>().ToList();

        Assert.Equal((first, back - first), (places.Count, more.Count));
        Assert.NotNull(_room.TryEnter(Channel.Email, of, isBack: false));
        foreach (var place in places.Concat(more))
        {
            place.Dispose();
            place.Dispose();
        }
        Assert.Equal(first, Enumerable.Range(0, 40).Select(_ => _room.TryEnter(Channel.Sms, of, isBack: false))
            .Count(place => place is not null));
    }

    /// <summary>Critical and high events share a queue: while all that may wait do, its listener must take more.</summary>
    [Fact]
    public void A_listener_receives_while_as_many_wait_as_may()
    {
        var host = JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "host.json"))).RootElement;
        var threshold = host.GetProperty("extensions").GetProperty("queues").GetProperty("newBatchThreshold").GetInt32();
        var waiting = new[] { RateClass.Critical, RateClass.High }
            .Sum(of => Enumerable.Range(0, 100).Count(_ => _room.TryEnter(Channel.Sms, of, isBack: true) is not null));

        Assert.Equal(WaitingRoom.Places, threshold);
        Assert.True(waiting < threshold, $"{waiting} wait.");
    }
}
