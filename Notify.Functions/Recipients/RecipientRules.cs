using Microsoft.Extensions.Options;
using Notify.Functions.Recipients.Preferences;

namespace Notify.Functions.Recipients;

/// <summary>The rules that recipients have made for themselves, as their profiles bring them.</summary>
public sealed class RecipientRules(IOptions<RecipientsOptions> options) : IRecipientRules
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<Ruling>> RuleAsync(IReadOnlyList<RecipientQuestion> questions, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Ruling>>([.. questions.Select(question => Rule(question, options.Value))]);

    /// <summary>The ruling on one delivery. Pure.</summary>
    public static Ruling Rule(RecipientQuestion question, RecipientsOptions options) =>
        PreferenceRules.RefusedBy(question.Recipient.Preferences, question, options.Required) is { } refusal ? new Ruling(SuppressedBy: refusal) : Ruling.Free;
}
