using System.Security.Cryptography;
using System.Text.Json;
using Notify.Functions.Providers.Fcm;
using Notify.Functions.Sending;
using Notify.Functions.Tests.Providers.Harness;

namespace Notify.Functions.Tests.Providers.Fcm;

/// <summary>A Firebase project on this machine: the token endpoint and the API, and an application that sends to it.</summary>
internal sealed class FcmProject : IAsyncDisposable
{
    public const string Granted = """{"access_token":"ya29.token","expires_in":3600,"token_type":"Bearer"}""";

    private FcmProject(ProviderServer server)
    {
        Server = server;
        App = new ProviderApp(Settings(server.Address, Credentials($"{server.Address}/token")), builder => builder.AddFcm(inUse: true));
    }

    public static RSA Key { get; } = RSA.Create(2048);

    public ProviderServer Server { get; }

    public ProviderApp App { get; }

    public Func<ProviderRequest, ProviderReply> Token { get; set; } = _ => new ProviderReply(200, Granted);

    public Func<ProviderRequest, ProviderReply> Send { get; set; } = _ => new ProviderReply(200, """{"name":"projects/demo/messages/1"}""");

    public IEnumerable<ProviderRequest> TokenRequests => Server.Requests.Where(IsToken);

    public IEnumerable<ProviderRequest> Messages => Server.Requests.Where(request => !IsToken(request));

    public static async Task<FcmProject> StartAsync()
    {
        var project = new FcmProject(await ProviderServer.StartAsync());
        project.Server.Reply = request => IsToken(request) ? project.Token(request) : project.Send(request);
        return project;
    }

    public static string Credentials(string tokenAddress) => JsonSerializer.Serialize(new Dictionary<string, string>
    {
        ["type"] = "service_account",
        ["project_id"] = "demo",
        ["private_key_id"] = "key-1",
        ["private_key"] = Key.ExportPkcs8PrivateKeyPem(),
        ["client_email"] = "sender@demo.iam.gserviceaccount.com",
        ["token_uri"] = tokenAddress,
    });

    public static Dictionary<string, string?> Settings(string address, string credentials) => new()
    {
        ["Notify:Providers:Fcm:BaseAddress"] = address,
        ["Notify:Providers:Fcm:ProjectId"] = "demo",
        ["Notify:Providers:Fcm:Credentials"] = credentials,
    };

    public async Task<SendResult> SendAsync(params string[] devices) => await SendAsync(Requests.Alert(Requests.To("d~1", devices)));

    public async Task<SendResult> SendAsync(SendRequest request, CancellationToken cancellationToken = default) =>
        Assert.Single(await App.Sender.SendAsync(request, cancellationToken));

    public async ValueTask DisposeAsync()
    {
        App.Dispose();
        await Server.DisposeAsync();
    }

    private static bool IsToken(ProviderRequest request) => request.Target == "/token";
}
