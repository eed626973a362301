namespace Notify.Functions.Recipients;

/// <summary>Recipients that have no rules of their own: nothing stands against any delivery.</summary>
public sealed class NoRecipientRules : IRecipientRules
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<Ruling>> RuleAsync(IReadOnlyList<RecipientQuestion> questions, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Ruling>>([.. questions.Select(_ => Ruling.Free)]);
}
