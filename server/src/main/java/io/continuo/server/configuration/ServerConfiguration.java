package io.continuo.server.configuration;

/// Everything that can be configured, checked.
public record ServerConfiguration(
    SipSettings sip,
    AuthSettings auth,
    RegistrarSettings registrar,
    MsrpSettings msrp,
    SessionSettings session,
    ImdnSettings imdn,
    StorageSettings storage,
    OperationsSettings operations,
    RuntimeSettings runtime) {
  public static final ServerConfiguration DEFAULT =
      new ServerConfiguration(
          SipSettings.DEFAULT,
          AuthSettings.DEFAULT,
          RegistrarSettings.DEFAULT,
          MsrpSettings.DEFAULT,
          SessionSettings.DEFAULT,
          ImdnSettings.DEFAULT,
          StorageSettings.DEFAULT,
          OperationsSettings.DEFAULT,
          RuntimeSettings.DEFAULT);
}
