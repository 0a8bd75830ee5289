package io.continuo.scenarios.language;

/// A subscriber and the devices of a scenario. A device that never registers does not exist for the
/// server.
public final class Person {
  public final ScenarioDevice phone;
  public final ScenarioDevice tablet;
  public final ScenarioDevice desktop;
  private final String name;

  Person(String name, Stage stage) {
    this.name = name;
    this.phone = stage.device(this, "phone");
    this.tablet = stage.device(this, "tablet");
    this.desktop = stage.device(this, "desktop");
  }

  /// Invites `other` from phone to phone; both take part when this returns. What else they have
  /// registered before is invited too, and answers as its test wants.
  public void chatsWith(Person other) {
    phone.registers();
    other.phone.registers();
    phone.invites(other);
    other.phone.accepts();
    phone.isInTheChat();
  }

  /// Invites `other`; both have a phone and a tablet, which all take part when this returns.
  public void chatsOnTwoDevicesWith(Person other) {
    phone.registers();
    tablet.registers();
    other.phone.registers();
    other.tablet.registers();
    phone.invites(other);
    tablet.isInvited();
    other.phone.accepts();
    other.tablet.accepts();
    phone.isInTheChat();
    tablet.isBoundByTheServer();
  }

  public String name() {
    return name;
  }

  public String address() {
    return Subscribers.address(name);
  }
}
