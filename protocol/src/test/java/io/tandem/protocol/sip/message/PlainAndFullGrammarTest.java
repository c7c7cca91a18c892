package io.tandem.protocol.sip.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our one-pass readers and the JAIN grammar agree on the shapes that both can read. */
class PlainAndFullGrammarTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK-524287-1-a0;rport",
        "SIP/2.0/TCP host.example.com;branch=z9hG4bKa",
        "SIP/2.0/UDP [2001:db8::1]:5060;branch=z9hG4bKa;received=192.0.2.1",
        "SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK56sdasks",
        "SIP/2.0/UDP 10.0.0.1",
        "SIP/2.0/UDP 10.0.0.1:5060;maddr=224.2.0.1;ttl=16;branch=z9hG4bK1",
      })
  void a_via(String text) throws SipSyntax {
    Via plain = Via.read(text);
    Via full = JainGrammar.via(text);

    assertThat(plain.transport()).isEqualTo(full.transport());
    assertThat(plain.sentBy()).isEqualTo(full.sentBy());
    assertThat(parts(plain.params())).isEqualTo(parts(full.params()));
    assertThat(Via.read(plain.toString())).isEqualTo(plain);
    assertThat(Via.read(" " + text.replace("/", " / ")))
        .satisfies(spaced -> assertThat(spaced.sentBy()).isEqualTo(plain.sentBy()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<sip:a@b.example>",
        "\"A. G. Bell\" <sip:agb@bell-telephone.com>;tag=a48s",
        "Anonymous <sip:c8oqz84zk7z@privacy.org>;tag=hyh8",
        "Mr Watson <sip:w@[::1]:5070;transport=tcp;lr?Subject=a%20b>;q=0.7;expires=3600",
        "sip:+12125551212@server.phone2net.com;tag=887s",
        "<tel:+15551234567;phone-context=x>;tag=1",
        "\"\" <sip:a@b>",
        "<sip:a@b>;+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000A95A0E128>\";reg-id=1",
      })
  void an_address(String text) throws SipSyntax {
    NameAddress plain = NameAddress.read(text);
    NameAddress full = JainGrammar.address(text);

    assertThat(plain.uri()).isEqualTo(full.uri());
    assertThat(parts(plain.params())).isEqualTo(parts(full.params()));
    assertThat(plain.display() == null ? "" : plain.display())
        .isEqualTo(full.display() == null ? "" : full.display());
    assertThat(NameAddress.read(plain.toString())).isEqualTo(plain);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Digest username=\"alice\", realm=\"a,b\", nonce=\"84a4cc6f3082121f32b42a2187831a9e\","
            + " uri=\"sip:x@y;z\", response=\"7587245234b3434cc3412213e5f113a5\", qop=auth,"
            + " nc=00000001, cnonce=\"0a4f113b\"",
        "Digest realm=\"tandem\",nonce=\"n\",algorithm=SHA-256,qop=\"auth\",stale=false",
        "NoOneKnowsThisScheme opaque-data=here",
      })
  void credentials(String text) throws SipSyntax {
    AuthParams plain = AuthParams.read(text);
    AuthParams full = JainGrammar.auth(text);

    assertThat(plain.scheme()).isEqualTo(full.scheme());
    for (String name : plain.params().names()) {
      assertThat(plain.get(name)).isEqualTo(full.get(name));
    }
    assertThat(plain.params().names()).hasSameSizeAs(full.params().names());
  }

  @Test
  void what_neither_may_read_is_refused_by_both() {
    for (String text :
        List.of(
            "\"unclosed <sip:a@b>",
            "<sip:a@b",
            "sip:a@b?x=y",
            "Bell, Alexander <sip:agb@x.com>",
            "<sip:a@b>;;",
            "<>",
            "",
            "<sip:a@b> <sip:c@d>",
            "a b")) {
      assertThat(catchSyntax(() -> NameAddress.read(text))).as(text).isTrue();
    }
    for (String text :
        List.of(
            "",
            "SIP/2.0/UDP",
            "SIP/2.0/UDP ",
            "SIP/2.0 192.0.2.1",
            "SIP/3.0/UDP a.example",
            "SIP/2.0/UDP a:b",
            "SIP/2.0/UDP a:99999",
            "SIP/2.0/UDP a;;b",
            "SIP/2.0/UDP a b",
            "HTTP/2.0/UDP a.example")) {
      assertThat(catchSyntax(() -> Via.read(text))).as(text).isTrue();
    }
  }

  @Test
  void a_parameter_with_nothing_after_its_equals_sign_is_a_flag() throws SipSyntax {
    Via via = Via.read("SIP/2.0/UDP a.example;rport=;branch=z9hG4bK1");

    assertThat(via.wantsRport()).isTrue();
    assertThat(via.params().get("rport")).isNull();
    assertThat(NameAddress.read("<sip:a@b>;tag=").tag()).isNull();
  }

  private interface Reading {
    Object read() throws SipSyntax;
  }

  private static boolean catchSyntax(Reading reading) {
    try {
      return reading.read() == null;
    } catch (SipSyntax refused) {
      return true;
    }
  }

  private static Set<String> parts(Params params) {
    Set<String> parts = new TreeSet<>();
    for (String name : params.names()) {
      parts.add(name + '=' + params.get(name));
    }
    return parts;
  }
}
