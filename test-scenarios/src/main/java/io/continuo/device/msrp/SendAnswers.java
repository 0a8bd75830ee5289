package io.continuo.device.msrp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// How an [MsrpSession] answers SENDs: 200 at once, unless a test says otherwise.
///
/// Threading: any thread.
public final class SendAnswers {
  private final Deque<Integer> scripted = new ArrayDeque<>();
  private final List<Runnable> withheld = new ArrayList<>();
  private boolean withholding;

  /// Answers the next SEND with this status; several calls queue up.
  public synchronized void nextIs(int status) {
    scripted.add(status);
  }

  /// Holds back every answer from now on.
  public synchronized void withhold() {
    withholding = true;
  }

  /// Sends the answers held back, in order, and holds back no more.
  public void release() {
    List<Runnable> released;
    synchronized (this) {
      withholding = false;
      released = List.copyOf(withheld);
      withheld.clear();
    }
    released.forEach(Runnable::run);
  }

  synchronized int nextStatus() {
    Integer status = scripted.poll();
    return status == null ? 200 : status;
  }

  void give(Runnable answer) {
    synchronized (this) {
      if (withholding) {
        withheld.add(answer);
        return;
      }
    }
    answer.run();
  }
}
