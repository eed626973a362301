using System.Globalization;

namespace Azure.Data.Tables;

/// <summary>A transaction that was refused as a whole because of one write.</summary>
public class TableTransactionFailedException : RequestFailedException
{
    internal const string FailedIndexKey = "FailedEntity";

    /// <summary>Takes over what the service said.</summary>
    public TableTransactionFailedException(RequestFailedException requestFailedException)
        : base(
            (requestFailedException ?? throw new ArgumentNullException(nameof(requestFailedException))).Status,
            requestFailedException.Message,
            requestFailedException.ErrorCode,
            requestFailedException.InnerException)
    {
        FailedTransactionActionIndex =
            requestFailedException.Data[FailedIndexKey] is string text && int.TryParse(text, CultureInfo.InvariantCulture, out var index)
                ? index
                : null;
    }

    /// <summary>The position of the write to blame; null where the service did not name it.</summary>
    public int? FailedTransactionActionIndex { get; }
}
