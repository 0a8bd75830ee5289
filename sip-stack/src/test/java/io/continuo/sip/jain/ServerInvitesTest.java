package io.continuo.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.sip.jain.ServerInvites.Seen;
import org.junit.jupiter.api.Test;

class ServerInvitesTest {
  @Test
  void whenThereIsNoRoomANewInviteIsOneTooManyAndAKnownOneIsNot() {
    ServerInvites invites = invitesOfTwo();
    assertThat(invites.see("first", "branch")).isEqualTo(Seen.NEW);
    assertThat(invites.see("second", "branch")).isEqualTo(Seen.NEW);
    assertThat(invites.see("third", "branch")).isEqualTo(Seen.TOO_MANY);
    assertThat(invites.see("second", "branch")).isEqualTo(Seen.REPEATED);
    assertThat(invites.see("second", "other")).isEqualTo(Seen.MERGED);
    assertThat(invites.size()).isEqualTo(2);
  }

  private static ServerInvites invitesOfTwo() {
    return new ServerInvites(null, 2);
  }
}
