using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Notify.Functions.Hosting;

namespace Notify.Functions.Templates;

/// <summary>The words of messages.</summary>
public static class TemplatesFeature
{
    /// <summary>Adds the templates of the deployment.</summary>
    public static IHostApplicationBuilder AddTemplates(this IHostApplicationBuilder builder)
    {
        builder.AddCheckedOptions<TemplatesOptions>(TemplatesOptions.SectionName);
        builder.Services.AddSingleton<TemplateRenderer>();
        return builder;
    }
}
