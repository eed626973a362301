using System.Xml.Linq;

namespace Notify.Functions.Tests.PackageSets;

internal static class OfficialPins
{
    public static IReadOnlyList<(string Id, string Version)> Read() =>
    [
        .. XDocument.Load(Repository.PathOf("eng/official-packages.props"))
            .Descendants("OfficialPackage")
            .Select(package => (package.Attribute("Include")!.Value, package.Attribute("Version")!.Value)),
    ];
}
