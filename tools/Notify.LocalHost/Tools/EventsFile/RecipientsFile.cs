using System.Globalization;
using System.Text.Json;
using Notify.Functions.Contract;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Profiles;
using Notify.LocalHost.Runtime;

namespace Notify.LocalHost.Tools.EventsFile;

/// <summary>Puts a file's recipients into the directory: one profile a line, as JSON.</summary>
internal sealed class RecipientsFile(RecipientBulk recipients)
{
    private const int WrittenAtOnce = 1000;

    /// <summary>Adds or replaces every profile and returns how many there were.</summary>
    /// <exception cref="StartupException">A line is no profile; the message names it.</exception>
    public async Task<int> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var count = 0;
        await foreach (var some in FileLines.ReadAsync(path, cancellationToken).Chunk(WrittenAtOnce).WithCancellation(cancellationToken))
        {
            var profiles = some.Select(line => Profile(line, path)).ToList();
            await recipients.PutAsync(profiles, cancellationToken);
            count += profiles.Count;
        }
        return count;
    }

    private static RecipientProfile OneForm(RecipientProfile profile) => profile with
    {
        Email = profile.Email is { } email ? AddressNormalizer.Email(email) ?? email : null,
        Phone = profile.Phone is { } phone ? AddressNormalizer.Phone(phone) ?? phone : null,
    };

    private static RecipientProfile Profile(FileLine line, string path)
    {
        var text = line.Text ?? throw new StartupException(
            string.Create(CultureInfo.InvariantCulture, $"Line {line.Number} of {Path.GetFileName(path)} is not UTF-8."));
        try
        {
            if (JsonSerializer.Deserialize<RecipientProfile>(text, NotifyJson.Options) is { } profile && AddressSyntax.IsUser(profile.Id))
            {
                return OneForm(profile);
            }
        }
        catch (JsonException)
        {
            // Said below, without quoting the line.
        }
        throw new StartupException(string.Create(CultureInfo.InvariantCulture,
            $"Line {line.Number} of {Path.GetFileName(path)} is no recipient with a valid id."));
    }
}
