package io.continuo.scenarios.language;

import io.continuo.device.ladder.Mermaid;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/// Runs a ladder scenario: starts a server, gives the test its people, and at the end fails when
/// anything was left unread. A failure prints the ladder that was seen and the server's log; a pass
/// writes it to `target/ladders` and publishes what was observed.
///
/// Used by `@ExtendWith(Scenario.class)` on a class with fields of type [Person] (the field's name
/// is the subscriber's) and, if it needs to kill it, [ServerUnderTest].
public final class Scenario implements BeforeEachCallback, AfterEachCallback {
  private static final Namespace NAMESPACE = Namespace.create(Scenario.class);

  @Override
  public void beforeEach(ExtensionContext context) throws IllegalAccessException {
    Stage stage = new Stage(ServerUnderTest.start(settings(context)));
    context.getStore(NAMESPACE).put(Stage.class, stage);
    Object test = context.getRequiredTestInstance();
    for (Class<?> type = test.getClass(); type != Object.class; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        inject(test, field, stage);
      }
    }
  }

  private static void inject(Object test, Field field, Stage stage) throws IllegalAccessException {
    if (field.getType() == Person.class) {
      field.setAccessible(true);
      field.set(test, stage.person(field.getName()));
    } else if (field.getType() == ServerUnderTest.class) {
      field.setAccessible(true);
      field.set(test, stage.server());
    }
  }

  private static Map<String, String> settings(ExtensionContext context) {
    Map<String, String> settings = new LinkedHashMap<>();
    add(settings, context.getRequiredTestClass().getAnnotation(Configured.class));
    add(settings, context.getRequiredTestMethod().getAnnotation(Configured.class));
    return settings;
  }

  private static void add(
      Map<String, String> settings, @org.jspecify.annotations.Nullable Configured configured) {
    if (configured != null) {
      for (String setting : configured.value()) {
        int equals = setting.indexOf('=');
        settings.put(setting.substring(0, equals).strip(), setting.substring(equals + 1).strip());
      }
    }
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    Stage stage = context.getStore(NAMESPACE).remove(Stage.class, Stage.class);
    if (stage == null) {
      return;
    }
    try (stage) {
      if (context.getExecutionException().isPresent()) {
        print(stage, context);
        return;
      }
      try {
        stage.expectNothingUnread();
      } catch (AssertionError | RuntimeException failed) {
        print(stage, context);
        throw failed;
      }
      write(stage, context);
      String observed = stage.observations().text();
      if (!observed.isEmpty()) {
        context.publishReportEntry("observed", observed);
      }
    }
  }

  private static void print(Stage stage, ExtensionContext context) {
    System.out.println("The ladder that was seen in " + context.getDisplayName() + ":");
    System.out.println(stage.drawing());
    System.out.println("What the server logged:");
    stage.server().output().forEach(System.out::println);
  }

  private static void write(Stage stage, ExtensionContext context) throws IOException {
    Method method = context.getRequiredTestMethod();
    String figure =
        Optional.ofNullable(method.getAnnotation(Figure.class))
            .map(drawn -> "Figure " + drawn.value() + ": ")
            .orElse("");
    Path folder = Path.of("target", "ladders");
    Files.createDirectories(folder);
    String name = context.getRequiredTestClass().getSimpleName() + "." + method.getName() + ".md";
    Files.writeString(
        folder.resolve(name), Mermaid.page(figure + sentence(method.getName()), stage.ladder()));
  }

  private static String sentence(String camelCase) {
    String words = camelCase.replaceAll("([A-Z])", " $1").toLowerCase(java.util.Locale.ROOT);
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }
}
