namespace Notify.Sandbox.SendGrid;

/// <summary>A mail to one recipient.</summary>
/// <param name="Mail">What all of its recipients get.</param>
/// <param name="Personalization">What only some get.</param>
/// <param name="Index">The personalization's place.</param>
/// <param name="To">The recipient.</param>
/// <param name="MessageId">The request's <c>X-Message-Id</c>.</param>
internal sealed record Letter(Mail Mail, Personalization Personalization, int Index, string To, string MessageId)
{
    /// <summary>The mail's custom arguments, and the personalization's, which win.</summary>
    public IReadOnlyDictionary<string, string> CustomArgs { get; } = Both(Personalization.CustomArgs, Mail.CustomArgs);

    /// <summary>The mail's additional headers, and the personalization's, which win.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; } = Both(Personalization.Headers, Mail.Headers);

    private static Dictionary<string, string> Both(Dictionary<string, string> own, Dictionary<string, string> common) =>
        own.Concat(common.Where(one => !own.ContainsKey(one.Key))).ToDictionary(one => one.Key, one => one.Value, own.Comparer);
}
