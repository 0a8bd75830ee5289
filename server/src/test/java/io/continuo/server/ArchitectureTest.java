package io.continuo.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.accessClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The shape of the server, checked. Plain tests: rules in `@ArchTest` fields ran no test under
/// Surefire and passed silently.
class ArchitectureTest {
  private static final String ROOT = "io.continuo.server";

  /// Packages of rules: events and time in, effects out.
  private static final String[] PURE = {
    ROOT + ".conversation..",
    ROOT + ".imdn..",
    ROOT + ".b2bua..",
    ROOT + ".registrar..",
    ROOT + ".identity..",
    ROOT + ".continuity..",
    ROOT + ".charging..",
  };

  /// Each of them talks to the world in its own way, and to no other of them.
  private static final List<String> ADAPTERS =
      List.of(
          ROOT + ".transport.msrp..",
          ROOT + ".transport.sip..",
          ROOT + ".storage.h2..",
          ROOT + ".storage.file..",
          ROOT + ".storage.segments..",
          ROOT + ".storage.postgres..",
          ROOT + ".gateway..",
          ROOT + ".web..",
          ROOT + ".telemetry..");

  /// What both network adapters take their certificates from; it knows neither.
  private static final String SHARED_TLS = ROOT + ".transport.tls..";

  /// Who may start threads: the runtime; the store's one writer, which waits for the disk so that
  /// no loop has to; the network adapters, whose event loops these are; and the root package, where
  /// the commands and the wiring are (shutdown hook, the pool handed to whatever blocks).
  /// Everything else runs on what it is called on.
  private static final String[] MAKE_THREADS = {
    ROOT,
    ROOT + ".runtime..",
    ROOT + ".storage.segments..",
    ROOT + ".transport..",
    ROOT + ".telemetry..",
  };

  private static final Set<String> CLOCKS = Set.of("now", "currentTimeMillis", "nanoTime");

  private static final JavaClasses SERVER =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  @Test
  void pureRulesKnowNoNetworkNoSipStackNoDatabase() {
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.netty..",
            "javax.sip..",
            "gov.nist..",
            "java.sql..",
            "javax.sql..",
            "org.jdbi..",
            "org.h2..",
            "java.net.http..",
            "java.nio.file..",
            "java.nio.channels..",
            "org.slf4j..",
            "io.micrometer..")
        .check(SERVER);
  }

  @Test
  void pureRulesDoNotKnowTheEdges() {
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            ROOT + ".runtime..",
            ROOT + ".transport..",
            ROOT + ".storage..",
            ROOT + ".gateway..",
            ROOT + ".web..",
            ROOT + ".telemetry..")
        .check(SERVER);
  }

  @Test
  void timeComesIntoPureRulesAsAValue() {
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .callMethodWhere(readsAClock())
        .check(SERVER);
  }

  @Test
  void chanceComesIntoPureRulesAsAValue() {
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should(accessClassesThat(isChance()))
        .orShould()
        .callMethod(java.util.UUID.class, "randomUUID")
        .orShould()
        .callMethod(Math.class, "random")
        .check(SERVER);
  }

  @Test
  void pureRulesRunOnWhateverCallsThem() {
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.concurrent..")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Thread.class)
        .because("a conversation lives on one loop and needs no locks")
        .check(SERVER);
  }

  @Test
  void adaptersDoNotKnowEachOther() {
    for (String adapter : ADAPTERS) {
      String[] others =
          ADAPTERS.stream().filter(other -> !other.equals(adapter)).toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage(adapter)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(others)
          .allowEmptyShould(true)
          .check(SERVER);
    }
  }

  @Test
  void certificatesKnowNoAdapter() {
    noClasses()
        .that()
        .resideInAPackage(SHARED_TLS)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ADAPTERS.toArray(String[]::new))
        .check(SERVER);
  }

  @Test
  void onlyTheRuntimeAndTheEdgesThatWaitMakeThreads() {
    noClasses()
        .that()
        .resideOutsideOfPackages(MAKE_THREADS)
        .should()
        .callConstructorWhere(targetOwner(isThread()))
        .orShould()
        .callMethodWhere(targetOwner(isThreadFactory()))
        .check(SERVER);
  }

  @Test
  void onlyTheSipStackAndItsAdapterKnowSipMessages() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("javax.sip..", "gov.nist..")
        .because("sip-stack is the only place that knows them")
        .check(SERVER);
  }

  @Test
  void nothingSleeps() {
    noClasses().should().callMethod(Thread.class, "sleep", long.class).check(SERVER);
  }

  @Test
  void everyTopLevelPackageIsPlaced() {
    classes()
        .that(resideInAPackage(ROOT + ".*..").and(DescribedPredicate.not(known())))
        .should()
        .resideInAnyPackage(ROOT)
        .allowEmptyShould(true)
        .because("a new package is either pure, an adapter, the runtime or configuration")
        .check(SERVER);
  }

  private static DescribedPredicate<JavaCall<?>> readsAClock() {
    return DescribedPredicate.describe(
        "reads a clock",
        call -> {
          String owner = call.getTargetOwner().getName();
          String name = call.getTarget().getName();
          boolean ofTime = owner.startsWith("java.time.") || owner.equals("java.lang.System");
          return owner.equals(Clock.class.getName()) || ofTime && CLOCKS.contains(name);
        });
  }

  private static DescribedPredicate<JavaClass> isChance() {
    return DescribedPredicate.describe(
        "a source of chance",
        type ->
            type.isAssignableTo(java.util.Random.class)
                || type.isAssignableTo(java.util.random.RandomGenerator.class));
  }

  private static DescribedPredicate<JavaClass> isThread() {
    return DescribedPredicate.describe(
        "a thread or a pool of threads",
        type ->
            type.isAssignableTo(Thread.class)
                || type.isAssignableTo(java.util.concurrent.ExecutorService.class)
                || type.isAssignableTo(java.util.Timer.class));
  }

  private static DescribedPredicate<JavaClass> isThreadFactory() {
    return DescribedPredicate.describe(
        "a maker of threads",
        type ->
            type.isAssignableTo(java.util.concurrent.Executors.class)
                || type.isAssignableTo(Thread.Builder.class));
  }

  private static DescribedPredicate<JavaCall<?>> targetOwner(DescribedPredicate<JavaClass> owner) {
    return DescribedPredicate.describe(
        "on " + owner.getDescription(), call -> owner.test(call.getTargetOwner()));
  }

  private static DescribedPredicate<JavaClass> known() {
    List<String> all = new java.util.ArrayList<>(ADAPTERS);
    all.addAll(List.of(PURE));
    all.addAll(
        List.of(SHARED_TLS, ROOT + ".runtime..", ROOT + ".configuration..", ROOT + ".storage"));
    return resideInAnyPackage(all.toArray(String[]::new));
  }

  /// The rules themselves can fail: this class breaks some of them on purpose.
  @Test
  void aRuleSeesWhatBreaksIt() {
    JavaClasses breaking = new ClassFileImporter().importClasses(Breaking.class);
    ArchRule noClock = noClasses().should().callMethodWhere(readsAClock());
    ArchRule noThread = noClasses().should().callMethodWhere(targetOwner(isThreadFactory()));
    ArchRule noChance = noClasses().should(accessClassesThat(isChance()));
    for (ArchRule rule : List.of(noClock, noThread, noChance)) {
      assertThatThrownBy(() -> rule.check(breaking)).isInstanceOf(AssertionError.class);
    }
  }

  static final class Breaking {
    long clock() {
      return System.currentTimeMillis();
    }

    void thread() {
      Thread.ofVirtual().start(() -> {});
    }

    int chance() {
      return new java.util.Random().nextInt();
    }
  }
}
