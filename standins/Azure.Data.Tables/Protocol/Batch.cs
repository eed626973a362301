using System.Buffers;
using System.Text;
using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>
/// Writes a transaction as the service takes it: one change set, each write an HTTP request of its own in a part
/// (https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions).
/// </summary>
internal sealed class Batch(string endpoint, string table)
{
    private readonly string _outer = $"batch_{Guid.NewGuid()}";
    private readonly string _inner = $"changeset_{Guid.NewGuid()}";
    private readonly ArrayBufferWriter<byte> _body = new();

    public string ContentType => $"multipart/mixed; boundary={_outer}";

    public ReadOnlyMemory<byte> Write(IEnumerable<TableTransactionAction> actions)
    {
        Line($"--{_outer}", $"Content-Type: multipart/mixed; boundary={_inner}", "");
        foreach (var action in actions)
        {
            Write(action);
        }

        Line($"--{_inner}--", $"--{_outer}--");
        return _body.WrittenMemory;
    }

    private void Write(TableTransactionAction action)
    {
        var entity = action.Entity;
        var adds = action.ActionType == TableTransactionActionType.Add;
        var path = adds ? table : TablePaths.Row(table, entity.PartitionKey, entity.RowKey);
        Line(
            $"--{_inner}",
            "Content-Type: application/http",
            "Content-Transfer-Encoding: binary",
            "",
            $"{Method(action.ActionType)} {endpoint}/{path} HTTP/1.1",
            "Accept: application/json;odata=minimalmetadata",
            "DataServiceVersion: 3.0");
        if (adds)
        {
            Line("Prefer: return-no-content");
        }

        if (Condition(action) is { } condition)
        {
            Line($"If-Match: {condition}");
        }

        if (action.ActionType == TableTransactionActionType.Delete)
        {
            Line("", "");
            return;
        }

        var json = EntityWriter.Write(entity);
        Line("Content-Type: application/json", $"Content-Length: {json.Length}", "");
        _body.Write(json.Span);
        Line("");
    }

    private static RequestMethod Method(TableTransactionActionType type) => type switch
    {
        TableTransactionActionType.Add => RequestMethod.Post,
        TableTransactionActionType.Delete => RequestMethod.Delete,
        TableTransactionActionType.UpdateMerge or TableTransactionActionType.UpsertMerge => RequestMethod.Patch,
        _ => RequestMethod.Put,
    };

    // Without If-Match an update is an upsert; "*" is any version of a row that must exist.
    private static string? Condition(TableTransactionAction action) => action.ActionType switch
    {
        TableTransactionActionType.UpdateMerge or TableTransactionActionType.UpdateReplace or TableTransactionActionType.Delete =>
            action.ETag == default ? ETag.All.ToString() : action.ETag.ToString("H"),
        _ => null,
    };

    private void Line(params string[] lines)
    {
        foreach (var line in lines)
        {
            Encoding.UTF8.GetBytes(line + "\r\n", _body);
        }
    }
}
