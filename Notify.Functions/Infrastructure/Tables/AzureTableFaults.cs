using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Notify.Functions.Infrastructure.Tables;

/// <summary>Tells the refusals that callers decide on from faults.</summary>
internal static class AzureTableFaults
{
    /// <summary>What the refusal means to the caller; <see langword="null"/> where it is none that callers decide on.</summary>
    public static TableFault? Classify(RequestFailedException refusal)
    {
        if (refusal.ErrorCode == TableErrorCode.EntityAlreadyExists)
        {
            return TableFault.AlreadyExists;
        }
        if (refusal.ErrorCode == TableErrorCode.ResourceNotFound || refusal.ErrorCode == TableErrorCode.EntityNotFound)
        {
            return TableFault.NotFound;
        }
        return refusal.ErrorCode == TableErrorCode.UpdateConditionNotSatisfied ? TableFault.Changed : null;
    }

    /// <summary>Which write is to blame.</summary>
    /// <exception cref="InvalidDataException">The service did not say. It always does; a caller could do nothing with the
    /// outcome.</exception>
    public static int IndexOf(RequestFailedException refusal, int writes)
    {
        if (writes == 1)
        {
            return 0;
        }
        return refusal is TableTransactionFailedException { FailedTransactionActionIndex: { } index } && index >= 0 && index < writes
            ? index
            : throw new InvalidDataException("The table service did not say which write of the transaction it refused.", refusal);
    }
}
