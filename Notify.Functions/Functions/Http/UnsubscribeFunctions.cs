using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Http;
using Notify.Functions.Recipients.Preferences;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Unsubscribe;
using Notify.Functions.Templates;

namespace Notify.Functions.Functions.Http;

/// <summary><c>/api/unsubscribe/{token}</c>: the links in mails. The signature is the authorization.</summary>
public sealed class UnsubscribeFunctions(
    UnsubscribeLinks links, PreferenceStore store, UnsubscribePage page, IOptions<UnsubscribeOptions> options,
    IOptions<RecipientsOptions> recipients, TimeProvider time)
{
    private const int BodyLimit = 32 * 1024;
    private const int MostShown = 250;
    private const string OneClickField = "List-Unsubscribe";

    /// <summary>The page with the recipient's choices; it changes nothing, because mail programs look at links beforehand.</summary>
    [Function("GetUnsubscribe")]
    public Task<IResult> GetUnsubscribe(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "unsubscribe/{token}")] HttpRequest request, string token,
        CancellationToken cancellationToken) =>
        OfLinkAsync(request, token, link => PageAsync(link, note: null, cancellationToken), cancellationToken);

    /// <summary>
    /// <c>List-Unsubscribe=One-Click</c> (RFC 8058): ends mail of the link's categories at once, and safe to repeat. The page's own form,
    /// which says that it is, makes the choices in it. Anything else is 400 and changes nothing.
    /// </summary>
    [Function("PostUnsubscribe")]
    public Task<IResult> PostUnsubscribe(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "unsubscribe/{token}")] HttpRequest request, string token,
        CancellationToken cancellationToken) =>
        OfLinkAsync(request, token, async link =>
        {
            if (await RequestForm.ReadAsync(request, BodyLimit, cancellationToken) is not { } form || ViaOf(form) is not { } via)
            {
                return Answer(StatusCodes.Status400BadRequest, page.Message("unreadable"));
            }
            var oneClick = via == ChoiceVia.OneClick;
            await store.ChangeAsync(
                link.RecipientHash, EmailChoices.By, via, before =>
                    Chosen(before, link, form, oneClick, new EmailChoices(via, time.GetUtcNow())), cancellationToken);
            return await PageAsync(link, oneClick ? "unsubscribed" : "saved", cancellationToken);
        }, cancellationToken);

    private PreferenceSet Chosen(PreferenceSet before, UnsubscribeLink link, IFormCollection form, bool oneClick, EmailChoices choices)
    {
        if (oneClick)
        {
            return link.Categories.Aggregate(before, (set, category) => choices.Choose(set, category, wanted: false));
        }
        var wanted = form["wanted"].ToHashSet(StringComparer.Ordinal);
        var shown = form["shown"].Where(category => AddressSyntax.IsId(category)).Take(MostShown).Select(category => category!)
            .Intersect(Offered(link, before), StringComparer.Ordinal);
        var after = shown.Aggregate(before, (set, category) => choices.Choose(set, category, wanted.Contains(category)));
        return choices.ChooseAny(after, wanted: form["none"].Count == 0);
    }

    private async Task<IResult> PageAsync(UnsubscribeLink link, string? note, CancellationToken cancellationToken)
    {
        var (preferences, locale) = await store.ReadAsync(link.RecipientHash, cancellationToken);
        return Answer(StatusCodes.Status200OK, page.Choices(locale, preferences, Offered(link, preferences), note));
    }

    private List<string> Offered(UnsubscribeLink link, PreferenceSet preferences) =>
        [.. options.Value.Offered.Concat(link.Categories)
            .Concat(preferences.Choices.Keys.Select(key => PreferenceKeys.CategoryOf(key)?.Category).OfType<string>())
            .Except(recipients.Value.Required, StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)];

    // A form that is both, or neither, is not understood.
    private static ChoiceVia? ViaOf(IFormCollection form) =>
        (form[OneClickField].ToString(), form[UnsubscribePage.MarkerField].ToString()) switch
        {
            ("One-Click", "") => ChoiceVia.OneClick,
            ("", UnsubscribePage.Marker) => ChoiceVia.Page,
            _ => null,
        };

    private Task<IResult> OfLinkAsync(
        HttpRequest request, string token, Func<UnsubscribeLink, Task<IResult>> action, CancellationToken cancellationToken)
    {
        var headers = request.HttpContext.Response.Headers;
        headers.ContentSecurityPolicy =
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XContentTypeOptions = "nosniff";
        return links.Read(token) switch
        {
            (_, { } link) => ProblemResults.OrServiceUnavailableAsync(request, () => action(link), cancellationToken),
            (UnsubscribeVerdict.Expired, _) => Task.FromResult(Answer(StatusCodes.Status410Gone, page.Message("expired"))),
            _ => Task.FromResult(Answer(StatusCodes.Status404NotFound, page.Message("invalid"))),
        };
    }

    private static IResult Answer(int status, string page) => Results.Text(page, "text/html; charset=utf-8", Encoding.UTF8, status);
}
