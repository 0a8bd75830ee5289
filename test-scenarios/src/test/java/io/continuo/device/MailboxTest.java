package io.continuo.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MailboxTest {
  @Test
  void whoListensIsToldOfWhatNobodyHasLookedAtYet() {
    Mailbox mailbox = new Mailbox();
    Happening before = new Happening.Reported("m1", 200);
    Happening after = new Happening.Reported("m2", 200);
    List<Happening> told = new ArrayList<>();

    mailbox.put(before);
    mailbox.listen(told::add);
    mailbox.put(after);

    assertThat(told).containsExactly(before, after);
  }
}
