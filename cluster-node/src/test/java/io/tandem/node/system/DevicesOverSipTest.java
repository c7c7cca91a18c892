package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.ua.CallEnd;
import io.tandem.protocol.sip.ua.CallMedia;
import io.tandem.protocol.sip.ua.UaCall;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One agent with several devices. */
class DevicesOverSipTest {
  @TempDir Path directory;

  @Test
  @Tag("rule:TEL-1")
  void all_devices_ring_the_first_answer_counts_and_a_late_one_is_acknowledged_and_ended()
      throws Exception {
    try (Exchange exchange = Exchange.open(directory)) {
      Telephones desk = exchange.phones();
      exchange.market().agent("anna", 100);
      try (Telephones mobile = new Telephones(exchange.node().edge().orElseThrow().sipAddress());
          Telephones tablet = new Telephones(exchange.node().edge().orElseThrow().sipAddress())) {
        desk.phone("anna", desk.ringing());
        mobile.phone("anna", mobile.ringing());
        tablet.phone("anna", tablet.ringing());
        UaCall caller = desk.call();
        UaCall atDesk = desk.awaitRung(1);
        UaCall atMobile = mobile.awaitRung(1);
        UaCall atTablet = tablet.awaitRung(1);

        for (UaCall device : List.of(atDesk, atMobile, atTablet)) {
          assertThat(device.invite().header("Max-Breadth")).as("RFC 5393 5.3.3").isEqualTo("20");
          assertThat(device.invite().maxForwards()).isEqualTo(caller.invite().maxForwards() - 1);
        }
        // the tablet's answer is on its way before it can hear that it lost
        CountDownLatch deaf = new CountDownLatch(1);
        tablet
            .agent()
            .loop()
            .execute(
                () -> {
                  hold(deaf);
                  boolean unused = atTablet.answer(CallMedia.none("127.0.0.1", 9_002));
                });
        desk.answer(atDesk);
        assertThat(Telephones.within(caller.answered())).isTrue();
        assertThat(Telephones.within(atMobile.ended()).cause()).isEqualTo(CallEnd.Cause.CANCELLED);
        deaf.countDown();
        assertThat(Telephones.within(atTablet.answered())).isTrue();
        assertThat(Telephones.within(atTablet.ended()).cause())
            .isEqualTo(CallEnd.Cause.HUNG_UP_THERE);
        assertThat(caller.state()).isEqualTo(UaCall.State.ANSWERED);
        exchange.hangUp(caller, Telephones.callId(atDesk));
      }
    }
  }

  private static void hold(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
