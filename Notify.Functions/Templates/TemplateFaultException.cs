using Notify.Functions.Ledger;

namespace Notify.Functions.Templates;

/// <summary>Thrown inside a rendering, to end it with a reason.</summary>
internal sealed class TemplateFaultException(string reason, string detail) : Exception(detail)
{
    /// <summary>The reason of the delivery that is not sent.</summary>
    public string Reason => reason;

    /// <summary>A variable is shown, or used, that the payload and the recipient do not have.</summary>
    public static TemplateFaultException Missing(string? variable) =>
        new(DeliveryReasons.TemplateVariable + variable, $"The variable '{variable}' is in neither the payload nor the recipient.");

    /// <summary>The template asks for what cannot be done.</summary>
    public static TemplateFaultException Faulty(string detail) => new(DeliveryReasons.TemplateFaulty, detail);
}
