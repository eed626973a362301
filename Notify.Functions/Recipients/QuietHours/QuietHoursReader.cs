using System.Globalization;
using System.Text.Json;
using Notify.Functions.Contract;

namespace Notify.Functions.Recipients.QuietHours;

/// <summary>Reads quiet hours as the API takes them, and shows them so.</summary>
internal static class QuietHoursReader
{
    private const int MostWindows = 20;
    private static readonly string[] Fields = ["from", "to", "days", "channels"];

    /// <summary>The windows; faults go to the list.</summary>
    public static IReadOnlyList<QuietWindow> Read(string name, JsonElement list, List<EventFault> faults)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MostWindows)
        {
            faults.Add(new EventFault(name, "invalid",
                string.Create(CultureInfo.InvariantCulture, $"'{name}' is an array of at most {MostWindows} windows.")));
            return [];
        }
        var before = faults.Count;
        var windows = new List<QuietWindow>();
        foreach (var (item, place) in list.EnumerateArray().Select((item, place) => (item, place)))
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"{name}[{place}]");
            if (item.ValueKind != JsonValueKind.Object)
            {
                faults.Add(new EventFault(path, "invalid",
                    "A window is an object with 'from' and 'to', and optionally 'days' and 'channels'."));
                continue;
            }
            var fields = new EventFields(item, path + ".", faults);
            fields.RefuseUnknown(Fields, "a window");
            windows.Add(new QuietWindow(Time(fields, item, "from"), Time(fields, item, "to"), Days(fields), Channels(fields)));
        }
        if (faults.Count == before && ContractNames.Channels.Any(channel => IsAlwaysQuiet(windows, channel)))
        {
            faults.Add(new EventFault(name, "invalid",
                "The windows leave no time of the week open on a channel; opt out of the channel instead."));
        }
        return windows;
    }

    /// <summary>The windows as <see cref="Read"/> takes them.</summary>
    public static IEnumerable<object> View(IReadOnlyList<QuietWindow> windows) => windows.Select(window => new
    {
        from = window.From.ToString("HH:mm", CultureInfo.InvariantCulture),
        to = window.To.ToString("HH:mm", CultureInfo.InvariantCulture),
        days = window.Days.Select(QuietWindow.Name),
        channels = window.Channels.Select(ContractNames.Name),
    });

    private static TimeOnly Time(EventFields fields, JsonElement item, string name)
    {
        if (fields.Required(name, out _))
        {
            if (NotifyJson.TryGetString(item.GetProperty(name), out var text)
                && TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            {
                return time;
            }
            fields.Fault(name, "invalid", $"'{name}' is a time of day as HH:mm, from 00:00 to 23:59.");
        }
        return default;
    }

    private static IReadOnlyList<DayOfWeek> Days(EventFields fields)
    {
        if (!fields.Has("days"))
        {
            return QuietWindow.EveryDay;
        }
        var days = new HashSet<DayOfWeek>();
        foreach (var (path, item) in fields.Items("days", 7))
        {
            var named = NotifyJson.TryGetString(item, out var text)
                ? QuietWindow.EveryDay.Where(day => QuietWindow.Name(day) == text).ToList()
                : [];
            if (named.Count == 0)
            {
                fields.Fault(path, "unknown", "A day is one of mon, tue, wed, thu, fri, sat, sun.");
            }
            days.UnionWith(named);
        }
        return [.. QuietWindow.EveryDay.Where(days.Contains)];
    }

    private static IReadOnlyList<Channel> Channels(EventFields fields)
    {
        if (!fields.Has("channels"))
        {
            return QuietWindow.Disturbing;
        }
        var channels = new HashSet<Channel>();
        foreach (var (path, item) in fields.Items("channels", ContractNames.Channels.Count))
        {
            if (NotifyJson.TryGetString(item, out var text) && ContractNames.TryParse(text, out Channel channel))
            {
                channels.Add(channel);
            }
            else
            {
                fields.Fault(path, "unknown", "A channel is one of email, sms, push, in_app.");
            }
        }
        return [.. ContractNames.Channels.Where(channels.Contains)];
    }

    private static bool IsAlwaysQuiet(IReadOnlyList<QuietWindow> windows, Channel channel)
    {
        var own = windows.Where(window => window.Channels.Contains(channel)).ToList();
        return own.Count > 0 && QuietWindow.EveryDay.All(day => Enumerable.Range(0, 24 * 60).All(minute =>
            own.Any(window => window.Covers(day, TimeOnly.FromTimeSpan(TimeSpan.FromMinutes(minute))))));
    }
}
