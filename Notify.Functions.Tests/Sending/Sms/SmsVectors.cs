namespace Notify.Functions.Tests.Sending.Sms;

/// <summary>Rows of the test suite of Twilio's message-segment-calculator.</summary>
internal static class SmsVectors
{
    public const string Json = """
        {"vectors":[
          {"name": "GSM-7 in one segment", "text": "1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890", "expected_encoding": "GSM-7", "expected_segments": 1},
          {"name": "GSM-7 in two segments", "text": "12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901", "expected_encoding": "GSM-7", "expected_segments": 2},
          {"name": "GSM-7 in three segments", "text": "1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567", "expected_encoding": "GSM-7", "expected_segments": 3},
          {"name": "UCS-2 message in one segment", "text": "😜23456789012345678901234567890123456789012345678901234567890123456789", "expected_encoding": "UCS-2", "expected_segments": 1},
          {"name": "UCS-2 message in two segments", "text": "😜234567890123456789012345678901234567890123456789012345678901234567890", "expected_encoding": "UCS-2", "expected_segments": 2},
          {"name": "UCS-2 message in three segments", "text": "😜2345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234", "expected_encoding": "UCS-2", "expected_segments": 3},
          {"name": "UCS-2 with four bytes extended characters in one segments boundary", "text": "🏳️‍🌈2345678901234567890123456789012345678901234567890123456789012345", "expected_encoding": "UCS-2", "expected_segments": 1},
          {"name": "UCS-2 with four bytes extended characters in two segments boundary", "text": "🏳️‍🌈23456789012345678901234567890123456789012345678901234567890123456", "expected_encoding": "UCS-2", "expected_segments": 2},
          {"name": "one segment with escape char €", "text": "€12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678", "expected_encoding": "GSM-7", "expected_segments": 1},
          {"name": "two segments with escape char €", "text": "€123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789", "expected_encoding": "GSM-7", "expected_segments": 2},
          {"name": "70 x Á", "text": "ÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁ", "expected_encoding": "UCS-2", "expected_segments": 1},
          {"name": "71 x Á", "text": "ÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁÁ", "expected_encoding": "UCS-2", "expected_segments": 2},
          {"name": "UCS-2 message with GSM special chars, two segments", "text": "😀]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "expected_encoding": "UCS-2", "expected_segments": 2}
        ]}
        """;
}
