package io.continuo.server.configuration;

/// The local operations port (`operations.*`).
///
/// @param host default `127.0.0.1`: it has no authentication, so keep it local
/// @param port 0 for any free one (default 8090)
public record OperationsSettings(String host, int port) {
  public OperationsSettings {
    new Check().notBlank("operations.host", host).port("operations.port", port).done();
  }

  public static final OperationsSettings DEFAULT = new OperationsSettings("127.0.0.1", 8090);
}
