package io.continuo.demo;

import java.lang.reflect.InvocationTargetException;

/// Ends this program when the one that started it has ended, however that was: a Maven that was
/// killed leaves no demonstration behind, and a demonstration that was killed no server.
public final class Leash {
  /// The server's main. Named by text: the device's modules know nothing of the server.
  private static final String SERVER = "io.continuo.server.Main";

  private Leash() {}

  /// From now on this JVM exits, by its shutdown hooks, when its parent process is gone.
  static void tie() {
    ProcessHandle.current()
        .parent()
        .ifPresent(parent -> parent.onExit().thenRunAsync(() -> System.exit(1), Leash::run));
  }

  private static void run(Runnable exit) {
    Thread.ofPlatform().daemon().name("parent is gone").start(exit);
  }

  /// The server, tied to the demonstration that started it.
  public static void main(String[] arguments) throws ReflectiveOperationException {
    tie();
    try {
      Class.forName(SERVER).getMethod("main", String[].class).invoke(null, (Object) arguments);
    } catch (InvocationTargetException thrown) {
      throw new IllegalStateException("the server's main failed", thrown.getCause());
    }
  }
}
