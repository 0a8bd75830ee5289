package io.continuo.msrp.iscomposing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.conformance.Spec;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IsComposingTest {
  private static IsComposing parse(String xml) throws MalformedIsComposingException {
    return IsComposing.parse(xml.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  @Spec("RFC 3994 §5")
  void aDocumentIsReadAndWritten() throws Exception {
    IsComposing active =
        parse(
            "<c:isComposing xmlns:c='urn:ietf:params:xml:ns:im-iscomposing'><c:state>active"
                + "</c:state><c:contenttype>text/plain</c:contenttype><c:refresh>90</c:refresh>"
                + "<x/></c:isComposing>");

    assertThat(active)
        .isEqualTo(
            new IsComposing(
                "active", Optional.empty(), Optional.of("text/plain"), Optional.of(90)));
    assertThat(active.isActive()).isTrue();
    assertThat(IsComposing.parse(active.toXml())).isEqualTo(active);
    var idle = new IsComposing("idle", Optional.empty());
    assertThat(IsComposing.parse(idle.toXml())).isEqualTo(idle);
  }

  @Test
  @Spec("RFC 3994 §3.3")
  void whenTheUserWasLastActiveIsKeptAndAnyOtherStateIsIdle() throws Exception {
    IsComposing away =
        parse(
            "<isComposing><state>away</state><lastactive>2003-01-27T10:43:00Z</lastactive>"
                + "</isComposing>");

    assertThat(away.isActive()).isFalse();
    assertThat(away.lastActive()).contains("2003-01-27T10:43:00Z");
    assertThat(IsComposing.parse(away.toXml())).isEqualTo(away);
  }

  @Test
  void aRefreshThatIsNoNumberIsNone() throws Exception {
    assertThat(parse("<isComposing><state>idle</state><refresh>-1</refresh></isComposing>"))
        .isEqualTo(new IsComposing("idle", Optional.empty()));
  }

  @Test
  void theMediaTypeIsComparedWithoutParameters() {
    assertThat(IsComposing.isIsComposing("application/im-iscomposing+xml;charset=x")).isTrue();
    assertThat(IsComposing.isIsComposing("text/xml")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<a/>", "<isComposing/>", "<isComposing><state>x</state>"})
  void anythingElseIsMalformed(String xml) {
    assertThatThrownBy(() -> parse(xml)).isInstanceOf(MalformedIsComposingException.class);
  }
}
