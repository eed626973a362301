namespace Notify.Functions.Tests.StandIns;

/// <summary>Methods whose parameters show how the official listing writes defaults, references and extensions.</summary>
internal static class ApiListingSampleExtensions
{
    public const string Constant = "constant";

    public static bool TryFind(string name, out object? found)
    {
        found = name;
        return true;
    }

    public static Task<T> Run<T>(this T part, byte[]? bytes = null, ApiListingSample.Code code = default, int? size = default, bool loud = true, CancellationToken cancellationToken = default) =>
        Task.FromResult(part);
}
