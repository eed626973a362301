using Microsoft.Extensions.Hosting;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Profiles;

namespace Notify.LocalHost.Hosting;

/// <summary>
/// Puts <c>user_1</c> … <c>user_5</c> into the directory before the first function runs. Their addresses are of the kinds that nobody has:
/// example.com, and numbers set aside for fiction.
/// </summary>
internal sealed class DemoRecipients(TableRecipientDirectory directory) : IHostedService
{
    private const int Count = 5;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        for (var i = 1; i <= Count; i++)
        {
            await directory.PutAsync(
                new RecipientProfile
                {
                    Id = FormattableString.Invariant($"user_{i}"),
                    Email = FormattableString.Invariant($"user_{i}@example.com"),
                    Phone = FormattableString.Invariant($"+1202555010{i}"),
                    PushTokens = [FormattableString.Invariant($"demo-token-of-user_{i}")],
                },
                cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
