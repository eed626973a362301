using System.Globalization;
using System.Text.Json;
using Notify.Functions.Contract;
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
        var number = 0;
        foreach (var some in File.ReadLines(path).Where(line => line.Length > 0).Chunk(WrittenAtOnce))
        {
            var profiles = some.Select(line => Profile(line, path, ++number)).ToList();
            await recipients.PutAsync(profiles, cancellationToken);
        }
        return number;
    }

    private static RecipientProfile Profile(string line, string path, int number)
    {
        try
        {
            if (JsonSerializer.Deserialize<RecipientProfile>(line, JsonText.Options) is { } profile && Addresses.IsId(profile.Id))
            {
                return profile;
            }
        }
        catch (JsonException)
        {
            // Said below, without quoting the line.
        }
        throw new StartupException(string.Create(CultureInfo.InvariantCulture, $"Line {number} of {Path.GetFileName(path)} is no recipient with a valid id."));
    }
}
