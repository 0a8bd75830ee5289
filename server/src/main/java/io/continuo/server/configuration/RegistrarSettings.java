package io.continuo.server.configuration;

import java.time.Duration;

/// The registrar (`registrar.*`; RFC 3261 §10).
///
/// @param defaultExpires when a REGISTER says none (default 1 h)
/// @param minExpires less is 423 with Min-Expires (default 60 s)
/// @param maxExpires more is shortened (default 2 h)
/// @param maxDevices devices of one subscriber; one more is 403 with a Warning (default 10)
/// @param learnedLifetime how long a device learned from INVITE or OPTIONS is kept (default 1 h)
/// @param inviteBackoff how long a device that could not be reached is not invited again unless it
///   shows up (default 30 s)
/// @param flowTimer how often a device is asked to keep its flow alive (Flow-Timer, RFC 5626 §4.4;
///   default 2 min, 0 says none)
/// @param serviceRoute what devices are told to route their requests by (RFC 3608); empty: none
public record RegistrarSettings(
    Duration defaultExpires,
    Duration minExpires,
    Duration maxExpires,
    int maxDevices,
    Duration learnedLifetime,
    Duration inviteBackoff,
    Duration flowTimer,
    String serviceRoute) {
  public RegistrarSettings {
    Duration second = Duration.ofSeconds(1);
    new Check()
        .between("registrar.default-expires", defaultExpires, second, Duration.ofDays(7))
        .between("registrar.min-expires", minExpires, second, Duration.ofDays(1))
        .between("registrar.max-expires", maxExpires, second, Duration.ofDays(30))
        .that(
            "registrar.min-expires",
            minExpires.compareTo(defaultExpires) <= 0,
            "is more than registrar.default-expires")
        .that(
            "registrar.max-expires",
            maxExpires.compareTo(defaultExpires) >= 0,
            "is less than registrar.default-expires")
        .between("registrar.max-devices", maxDevices, 1, 1000)
        .between("registrar.learned-lifetime", learnedLifetime, second, Duration.ofDays(30))
        .between("registrar.invite-backoff", inviteBackoff, Duration.ZERO, Duration.ofDays(1))
        .between("registrar.flow-timer", flowTimer, Duration.ZERO, Duration.ofHours(1))
        .matches("registrar.service-route", serviceRoute, "|sips?:\\S+", "a SIP URI")
        .done();
  }

  public static final RegistrarSettings DEFAULT =
      new RegistrarSettings(
          Duration.ofHours(1),
          Duration.ofSeconds(60),
          Duration.ofHours(2),
          10,
          Duration.ofHours(1),
          Duration.ofSeconds(30),
          Duration.ofMinutes(2),
          "");
}
