using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Intake;

namespace Notify.Bench.Prove;

/// <summary>
/// Makes events of every kind and gives them to the service, over HTTP and by the topics, as producers do: what was not acknowledged is
/// sent again with the same id. It remembers what was.
/// </summary>
internal sealed class Producer(ProveWorld world, Func<Uri?> front, ProveOptions options, int seed) : IDisposable
{
    private static readonly TimeSpan GivesUpAfter = TimeSpan.FromMinutes(2);
    private readonly SocketsHttpHandler _handler = new() { UseProxy = false };
    private readonly SemaphoreSlim _places = new(64);
    private readonly Random _random = new(seed);
    private readonly List<Produced> _produced = [];
    private readonly List<Task> _sending = [];

    /// <summary>Everything so far.</summary>
    public IReadOnlyList<Produced> All => _produced;

    /// <summary>How many the service has acknowledged.</summary>
    public int Acknowledged => _produced.Count(one => one.IsAcknowledged);

    public void Dispose()
    {
        _handler.Dispose();
        _places.Dispose();
    }

    /// <summary>Produces until it is told to stop, and then until everything is acknowledged or given up.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var began = TimeProvider.System.GetTimestamp();
        for (var number = 0; !stop.IsCancellationRequested; number++)
        {
            var due = TimeSpan.FromSeconds(number / options.Rate) - TimeProvider.System.GetElapsedTime(began);
            if (due > TimeSpan.Zero)
            {
                await Task.Delay(due, TimeProvider.System, CancellationToken.None);
            }
            await _places.WaitAsync(CancellationToken.None);
            var produced = Make(number);
            // Now and then what was acknowledged long ago comes once more.
            var isAgain = number > 100 && _random.Next(20) == 0;
            var one = isAgain ? _produced[_random.Next(_produced.Count)] : produced;
            if (!isAgain)
            {
                _produced.Add(produced);
            }
            _sending.Add(SendAsync(one, overHttp: _random.Next(2) == 0));
            if (_sending.Count > 500)
            {
                _sending.RemoveAll(task => task.IsCompleted);
            }
        }
        await Task.WhenAll(_sending);
    }

    private Produced Make(int number)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"event-{number}");
        var user = ProveWorld.User(_random.Next(ProveWorld.Users));
        var now = TimeProvider.System.GetUtcNow();
        var one = new NotificationEvent
        {
            Id = id,
            Type = EventType.Transactional,
            Priority = Priority.Normal,
            Payload = JsonDocument.Parse($$"""{"title":"Event {{number}}","message":"{{id}} happened"}""").RootElement,
            Recipients = [user],
            Channels = [Channel.Email],
            CreatedAt = now,
        };
        var kind = _random.Next(100);
        var priority = _random.Next(4) switch { 0 => Priority.Critical, 1 => Priority.High, _ => Priority.Normal };
        return kind switch
        {
            < 35 => new Produced(one with
            {
                Priority = priority,
                Channels = [Some(Channel.Email, Channel.Sms, Channel.Push, Channel.InApp)]
            }, [user]),
            < 50 => new Produced(one with { Type = EventType.Alert, Priority = priority, Channels = [Channel.Sms, Channel.Push] }, [user]),
            < 70 => new Produced(one with
            {
                Type = EventType.Alert,
                Priority = Priority.Low,
                Channels = [Some(Channel.Email, Channel.InApp)]
            }, [user]),
            < 80 => new Produced(one with { Type = EventType.Marketing, Channels = [Some(Channel.Sms, Channel.Push)] }, [user]),
            < 86 => External(one, number),
            < 90 => SharesKey(one, user),
            < 93 => new Produced(one with { SendAt = now.AddSeconds(_random.Next(2, 20)) }, [user]),
            < 95 => new Produced(one with { ExpiresAt = now.AddSeconds(_random.Next(1, 10)), Channels = [Channel.Push] }, [user]),
            < 97 => new Produced(one with { Recipients = [user, "nobody-" + id] }, [user, "nobody-" + id]),
            // Beyond a queue's patience: due rows.
            < 98 => new Produced(one with { SendAt = now + options.Later, Channels = [Channel.Push] }, [user]),
            _ => Topic(one),
        };
    }

    private static Produced External(NotificationEvent one, int number)
    {
        string[] recipients = [string.Create(CultureInfo.InvariantCulture, $"mailto:external-{number}@example.com")];
        return new Produced(one with { Recipients = recipients }, recipients);
    }

    private Produced SharesKey(NotificationEvent one, string user)
    {
        var earlier = _produced.Count > 0 ? _produced[_random.Next(_produced.Count)] : null;
        // A key stands for one event: whoever shares it says the same.
        return earlier is null
            ? new Produced(one, [user])
            : new Produced(earlier.Event with { Id = one.Id, DeduplicationKey = earlier.Key },
                earlier.Recipients);
    }

    private Produced Topic(NotificationEvent one)
    {
        var topic = _random.Next(ProveWorld.Topics);
        return new Produced(
            one with
            {
                Type = EventType.Marketing,
                Recipients = [string.Create(CultureInfo.InvariantCulture, $"topic:topic-{topic}")],
                Channels = [Some(Channel.Push, Channel.InApp)],
                Priority = Some(Priority.Normal, Priority.High)
            },
            ProveWorld.FollowersOf(topic));
    }

    private T Some<T>(params T[] choices) => choices[_random.Next(choices.Length)];

    private async Task SendAsync(Produced produced, bool overHttp)
    {
        try
        {
            var began = TimeProvider.System.GetTimestamp();
            while (TimeProvider.System.GetElapsedTime(began) < GivesUpAfter)
            {
                if (overHttp ? await PostAsync(produced) : await PublishAsync(produced.Event))
                {
                    produced.IsAcknowledged = true;
                    return;
                }
                await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, CancellationToken.None);
            }
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task<bool> PostAsync(Produced produced)
    {
        if (front() is not { } address)
        {
            return false;
        }
        try
        {
            using var client = new HttpClient(_handler, disposeHandler: false) { Timeout = TimeSpan.FromSeconds(10) };
            using var content = new ByteArrayContent(EventWriter.Write(produced.Event));
            content.Headers.ContentType = new("application/json");
            using var answer = await client.PostAsync(new Uri(address, "api/notify"), content);
            // Anything else than what a producer expects would never be acknowledged.
            if (answer.StatusCode is HttpStatusCode.Accepted)
            {
                produced.AcknowledgedAs = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
                return true;
            }
            return answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.InternalServerError
                ? false
                : throw new InvalidOperationException(
                    $"The intake answered {answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException or IOException)
        {
            return false;
        }
    }

    private async Task<bool> PublishAsync(NotificationEvent notification)
    {
        try
        {
            var broker = new BrokerOptions();
            await world.Observer.Services.GetRequiredService<IEventPublisher>().PublishAsync(
                KafkaEventRecords.Create(notification.Priority.IsUrgent() ? broker.UrgentTopic : broker.Topic, notification,
                    EventWriter.Write(notification)), CancellationToken.None);
            return true;
        }
        catch (EventNotAcknowledgedException)
        {
            return false;
        }
    }
}
