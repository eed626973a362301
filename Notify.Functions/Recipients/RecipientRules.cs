using Microsoft.Extensions.Options;
using Notify.Functions.Delivery;
using Notify.Functions.Recipients.Preferences;

namespace Notify.Functions.Recipients;

/// <summary>The rules that recipients have made for themselves, as their profiles bring them.</summary>
public sealed class RecipientRules(IOptions<RecipientsOptions> options) : IRecipientRules
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<Ruling>> RuleAsync(IReadOnlyList<RecipientQuestion> questions, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Ruling>>([.. questions.Select(question => Rule(question, options.Value))]);

    /// <summary>The ruling on one delivery. Pure.</summary>
    public static Ruling Rule(RecipientQuestion question, RecipientsOptions options)
    {
        if (question.Recipient.AddressesOn(question.Channel).Count > 0 && question.Recipient.UsableOn(question.Channel).Count == 0)
        {
            return new Ruling(SuppressedBy: Reasons.SuppressedAddress);
        }
        return PreferenceRules.RefusedBy(question.Recipient.Preferences, question, options.Required) is { } refusal ? new Ruling(SuppressedBy: refusal) : Ruling.Free;
    }
}
