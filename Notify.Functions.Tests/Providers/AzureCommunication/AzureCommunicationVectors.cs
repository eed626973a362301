namespace Notify.Functions.Tests.Providers.AzureCommunication;

/// <summary>Signatures from the test suite of an official SDK, letter by letter.</summary>
internal static class AzureCommunicationVectors
{
    public const string Signing = """
        {"vectors":[
          {"name": "get_root", "source": "Azure/azure-sdk-for-python sdk/communication/azure-communication-identity/tests/test_hmac.py 3a730d344764", "method": "GET", "access_key_base64": "pw==", "host": "contoso.communicationservices.azure.com", "path_and_query": "/", "x_ms_date": "Wed, 13 Apr 2022 18:09:12 GMT", "expected_x_ms_content_sha256": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "expected_authorization": "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=88MDmJhUR3m5QhFxb8ztShsSwlGrg7g/6XPnWf7QEO4=", "body_base64": ""},
          {"name": "get_path", "source": "Azure/azure-sdk-for-python sdk/communication/azure-communication-identity/tests/test_hmac.py 3a730d344764", "method": "GET", "access_key_base64": "pw==", "host": "contoso.communicationservices.azure.com", "path_and_query": "/testPath", "x_ms_date": "Wed, 13 Apr 2022 18:09:12 GMT", "expected_x_ms_content_sha256": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "expected_authorization": "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=RoCrHjw7fb9fpHSbqvRUY2xa8RBS0YvI1cxI1x8AS38=", "body_base64": ""},
          {"name": "get_path_query", "source": "Azure/azure-sdk-for-python sdk/communication/azure-communication-identity/tests/test_hmac.py 3a730d344764", "method": "GET", "access_key_base64": "pw==", "host": "contoso.communicationservices.azure.com", "path_and_query": "/testPath?testQuery=yes", "x_ms_date": "Wed, 13 Apr 2022 18:09:12 GMT", "expected_x_ms_content_sha256": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "expected_authorization": "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=il99+rd6V5O136roX/zVePCNle78HmvC4B7tu9zRH3I=", "body_base64": ""}
        ]}
        """;
}
