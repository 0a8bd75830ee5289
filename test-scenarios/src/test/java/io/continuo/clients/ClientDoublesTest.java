package io.continuo.clients;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameContaining;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.continuo.clients.doubles.Transcript;
import org.junit.jupiter.api.Test;

/// What the doubles are worth: they share nothing with the server, and say nothing but their
/// transcripts.
class ClientDoublesTest {
  private static final String DOUBLES = "io.continuo.clients.doubles";

  private static final JavaClasses CLIENTS =
      new ClassFileImporter().importPackages("io.continuo.clients");

  @Test
  void doublesDependOnTheJdkOnly() {
    onlyTheJdk(DOUBLES).check(CLIENTS);
  }

  @Test
  void theRuleAboveFindsWhatItForbids() {
    assertThatThrownBy(() -> onlyTheJdk("io.continuo.clients").check(CLIENTS))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("io.continuo.scenarios");
  }

  private static ArchRule onlyTheJdk(String root) {
    return classes()
        .that(resideInAPackage(root).and(not(simpleNameContaining("WhatBreaksThemTest"))))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(root, "java..", "javax.net..");
  }

  @Test
  void whatIsNotInATranscriptIsFound() {
    Transcript rcsjta = Transcript.of("rcsjta");
    String known =
        """
        MSRP 7a SEND\r
        To-Path: msrp://127.0.0.1:1/a;tcp\r
        From-Path: msrp://127.0.0.1:2/b;tcp\r
        Message-ID: 1\r
        -------7a$\r
        """;

    assertThat(rcsjta.titleOf(known.getBytes())).isEqualTo("SEND, empty");
    assertThatThrownBy(() -> rcsjta.titleOf(known.replace("Message-ID", "Message-Id").getBytes()))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("not in the transcript");
  }
}
