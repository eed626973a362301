using Notify.Functions.Recipients.Profiles;

namespace Notify.Functions.Tests.Recipients.Profiles;

public sealed class TimeZoneNamesTests
{
    /// <summary>Names of IANA's database; those that it keeps under another name today are kept under that.</summary>
    [Theory]
    [InlineData("Europe/Vienna", "Europe/Vienna")]
    [InlineData("Europe/Amsterdam", "Europe/Amsterdam")]
    [InlineData("Australia/Lord_Howe", "Australia/Lord_Howe")]
    [InlineData("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires")]
    [InlineData("Asia/Calcutta", "Asia/Kolkata")]
    [InlineData("US/Eastern", "America/New_York")]
    [InlineData("America/Buenos_Aires", "America/Argentina/Buenos_Aires")]
    [InlineData("Etc/GMT+5", "Etc/GMT+5")]
    [InlineData("UTC", "UTC")]
    [InlineData("Etc/UTC", "UTC")]
    [InlineData("Etc/Zulu", "UTC")]
    [InlineData("GMT", "UTC")]
    public void A_time_zone_has_one_name(string written, string kept) => Assert.Equal(kept, TimeZoneNames.Normalize(written));

    /// <summary>Some of what the platform's own look-up takes, here or on another system, and what nobody takes.</summary>
    [Theory]
    [InlineData("W. Europe Standard Time")]
    [InlineData("Coordinated Universal Time")]
    [InlineData("utc")]
    [InlineData("europe/vienna")]
    [InlineData("Europe//Vienna")]
    [InlineData("./Europe/Vienna")]
    [InlineData("Europe/Vienna/")]
    [InlineData("posix/Europe/Vienna")]
    [InlineData("right/Europe/Vienna")]
    [InlineData("posixrules")]
    [InlineData("localtime")]
    [InlineData("Factory")]
    [InlineData("CET-1CEST,M3.5.0,M10.5.0/3")]
    [InlineData("UTC+1")]
    [InlineData("+01:00")]
    [InlineData("Mars/Olympus")]
    [InlineData("../etc/passwd")]
    [InlineData("")]
    public void Anything_else_is_none(string written) => Assert.Null(TimeZoneNames.Normalize(written));
}
