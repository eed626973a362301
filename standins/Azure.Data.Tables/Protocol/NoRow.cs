namespace Azure.Data.Tables;

/// <summary>The answer that there is no such row.</summary>
internal sealed class NoRow<T>(Response response) : NullableResponse<T>
{
    public override bool HasValue => false;

    public override T Value => throw new InvalidOperationException("There is no such row: look at HasValue first.");

    public override Response GetRawResponse() => response;
}
