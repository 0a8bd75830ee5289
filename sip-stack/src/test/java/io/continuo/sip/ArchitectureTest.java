package io.continuo.sip;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.continuo.sip.jain.JainSipEndpoint;
import io.continuo.sip.jain.SilentServerLogger;
import io.continuo.sip.jain.SipTimers;
import io.continuo.sip.jain.Slf4jStackLogger;
import org.junit.jupiter.api.Test;

/// Who uses this library sees nothing of the stack below it.
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.continuo.sip");

  private static final String[] STACK = {"javax.sip..", "gov.nist.."};

  @Test
  void onlyOnePackageKnowsTheStack() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.continuo.sip.jain")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(STACK)
        .check(CLASSES);
  }

  /// Two that the stack makes by name, and what starts an endpoint, for tests with quicker timers.
  @Test
  void thatPackageShowsNothingButHowToStart() {
    classes()
        .that()
        .resideInAPackage("io.continuo.sip.jain")
        .and()
        .areTopLevelClasses()
        .and()
        .arePublic()
        .should()
        .be(JainSipEndpoint.class)
        .orShould()
        .be(SipTimers.class)
        .orShould()
        .be(Slf4jStackLogger.class)
        .orShould()
        .be(SilentServerLogger.class)
        .check(CLASSES);
    methods()
        .that()
        .arePublic()
        .and()
        .areDeclaredIn(JainSipEndpoint.class)
        .should()
        .notHaveRawReturnType(resideInAnyPackage(STACK))
        .check(CLASSES);
  }

  @Test
  void theRestKnowsOnlyHowToStartIt() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.continuo.sip.jain")
        .and()
        .areNotAssignableTo(SipEndpoint.class)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.continuo.sip.jain")
        .check(CLASSES);
  }

  @Test
  void nothingPrintsToTheConsole() {
    noClasses().should().accessField(System.class, "err").check(CLASSES);
    noClasses().should().accessField(System.class, "out").check(CLASSES);
    noClasses().should().callMethodWhere(target(nameMatching("printStackTrace"))).check(CLASSES);
  }
}
