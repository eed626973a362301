using System.Collections;
using HandlebarsDotNet;
using HandlebarsDotNet.IO;

namespace Notify.Functions.Templates;

/// <summary>
/// How a value becomes text where a template shows it. What is missing ends the rendering only here: conditions may ask for it.
/// </summary>
internal sealed class TemplateFormatters : IFormatterProvider
{
    /// <inheritdoc/>
    public bool TryCreateFormatter(Type type, out IFormatter formatter)
    {
        formatter = type == typeof(UndefinedBindingResult) ? new Undefined()
            : type == typeof(bool) ? new Boolean()
            : typeof(IEnumerable).IsAssignableFrom(type) && type != typeof(string) ? new Compound()
            : null!;
        return formatter is not null;
    }

    private sealed class Undefined : IFormatter
    {
        public void Format<T>(T value, in EncodedTextWriter writer) =>
            throw TemplateFaultException.Missing((value as UndefinedBindingResult)?.Value);
    }

    private sealed class Boolean : IFormatter
    {
        public void Format<T>(T value, in EncodedTextWriter writer) => writer.Write(value is true ? "true" : "false");
    }

    private sealed class Compound : IFormatter
    {
        public void Format<T>(T value, in EncodedTextWriter writer) =>
            throw TemplateFaultException.Faulty("An object or a list is no text: show its fields, or go through it with #each.");
    }
}
