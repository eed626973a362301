using System.Reflection;
using System.Xml.Linq;

namespace Notify.Functions.Tests.PackageSets;

public sealed class PackageSetTests
{
    [Theory]
    [InlineData("Notify.Functions")]
    [InlineData("Notify.LocalHost")]
    public void Each_program_knows_the_set_that_it_was_built_from(string program)
    {
        var set = Assert.Single(
            Assembly.Load(program).GetCustomAttributes<AssemblyMetadataAttribute>(),
            attribute => attribute.Key == "PackageSet").Value;

        Assert.Contains(set, new[] { "official", "restricted" });
    }

    [Fact]
    public void The_check_against_newer_libraries_takes_the_versions_of_the_official_set()
    {
        var pins = OfficialPins.Read().ToDictionary(pin => pin.Id, pin => $"[{pin.Version}]");
        var check = XDocument.Load(Repository.PathOf("eng/verify-newer-libraries/verify-newer-libraries.csproj"));
        var downloads = check.Descendants("PackageDownload").ToList();

        Assert.NotEmpty(downloads);
        Assert.All(downloads, package => Assert.Equal(pins[package.Attribute("Include")!.Value], package.Attribute("Version")!.Value));
        Assert.All(
            downloads,
            package => Assert.Contains(
                check.Descendants("Reference"),
                reference => reference.Attribute("HintPath")!.Value.Contains(
                    $"/{package.Attribute("Version")!.Value.Trim('[', ']')}/", StringComparison.Ordinal)));
    }

    [Fact]
    public void No_registry_is_named_in_the_lock_file_of_the_emulator() =>
        Assert.DoesNotContain("\"resolved\"", File.ReadAllText(Repository.PathOf("eng/azurite/package-lock.json")), StringComparison.Ordinal);
}
