package io.tandem.protocol.sip.hops;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipUri;
import java.util.List;
import org.junit.jupiter.api.Test;

/** RFC 7044. */
class HistoryTest {
  private static final SipUri ANNA = SipUri.of("sip:anna@192.0.2.7:5070;transport=tcp");

  private static SipRequest invite(String... history) {
    SipRequest invite =
        SipRequest.builder(SipRequest.INVITE, SipUri.of("sip:18005550100@192.0.2.9"))
            .from(NameAddress.of(SipUri.of("sip:12125550123@192.0.2.1")).withTag("a"))
            .to(NameAddress.of(SipUri.of("sip:18005550100@192.0.2.9")))
            .callId("c")
            .cseq(1)
            .build();
    for (String entry : history) {
      invite = invite.adding(HeaderName.HISTORY_INFO, entry);
    }
    return invite;
  }

  @Test
  void a_call_without_a_past_begins_with_the_number_that_was_called() {
    assertThat(History.sentOn(invite(), false, ANNA, 0))
        .containsExactly(
            "<sip:18005550100@192.0.2.9>;index=1", "<sip:anna@192.0.2.7:5070>;index=1.1;mp=1");
    assertThat(History.sentOn(invite(), false, ANNA, 2).getLast()).endsWith(";index=1.3;mp=1");
  }

  @Test
  void what_came_before_stays_and_names_are_not_shown() {
    String before = "Bob <sip:+13105550199@192.0.2.3?Reason=SIP%3Bcause%3D302>;index=1;rc=1";
    assertThat(History.sentOn(invite(before), false, ANNA, 0))
        .containsExactly(
            "<sip:+13105550199@192.0.2.3?Reason=SIP%3Bcause%3D302>;index=1;rc=1",
            "<sip:18005550100@192.0.2.9>;index=1.1",
            "<sip:anna@192.0.2.7:5070>;index=1.1.1;mp=1.1");
    String here = "<sip:18005550100@192.0.2.9>;index=1.1;mp=1";
    assertThat(History.sentOn(invite(before, here), false, ANNA, 0))
        .as("who sent it here said so")
        .hasSize(3)
        .last()
        .isEqualTo("<sip:anna@192.0.2.7:5070>;index=1.1.1;mp=1.1");
  }

  @Test
  void who_asks_for_privacy_has_no_past_and_an_entry_that_asks_is_nobodys() {
    String before = "<sip:+13105550199@192.0.2.3>;index=1";
    String secret = "<sip:+13105550198@192.0.2.3?Privacy=history>;index=1.1";
    assertThat(History.sentOn(invite(before), true, ANNA, 0)).hasSize(2).noneMatch(this::names);
    List<String> told = History.sentOn(invite(before, secret), false, ANNA, 0);
    assertThat(told.get(1)).isEqualTo("<sip:anonymous@anonymous.invalid>;index=1.1");
  }

  private boolean names(String entry) {
    return entry.contains("13105550199");
  }

  @Test
  void what_cannot_be_read_is_left_out_and_the_list_stays_short() {
    assertThat(History.sentOn(invite("<sip:a@b>", "<sip:a@b>;index=x", "<sip:a@b"), false, ANNA, 0))
        .hasSize(2);
    String[] many = new String[60];
    for (int i = 0; i < many.length; i++) {
      many[i] = "<sip:hop" + i + "@192.0.2.3>;index=" + (i + 1);
    }
    List<String> told = History.sentOn(invite(many), false, ANNA, 0);
    assertThat(told).hasSize(20).last().isEqualTo("<sip:anna@192.0.2.7:5070>;index=60.1.1;mp=60.1");
  }
}
