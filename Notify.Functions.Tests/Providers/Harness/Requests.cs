using Notify.Functions.Contract;
using Notify.Functions.Sending;

namespace Notify.Functions.Tests.Providers.Harness;

/// <summary>What the channels hand to a sender.</summary>
internal static class Requests
{
    public static SendRequest Alert(params SendTarget[] targets) => new(new MessageContent("Sign-in", "New sign-in from Oslo"), targets)
    {
        Type = EventType.Alert,
        Priority = Priority.Critical,
    };

    public static SendTarget To(string attemptId, params string[] addresses) => new(attemptId, "user_1", addresses);
}
