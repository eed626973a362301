using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Notify.Functions.Infrastructure.Configuration;
using Notify.Functions.Templates;

namespace Notify.Functions.Host;

/// <summary>The words of messages.</summary>
internal static class TemplatesFeature
{
    /// <summary>Adds the templates of the deployment.</summary>
    public static IHostApplicationBuilder AddTemplates(this IHostApplicationBuilder builder)
    {
        builder.AddCheckedOptions<TemplatesOptions>(TemplatesOptions.SectionName);
        builder.Services.AddSingleton<TemplateRenderer>().AddSingleton<DigestContents>().AddSingleton<UnsubscribePage>();
        return builder;
    }
}
