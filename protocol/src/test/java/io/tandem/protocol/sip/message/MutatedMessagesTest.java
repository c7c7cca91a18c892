package io.tandem.protocol.sip.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Torture messages with random damage: whatever comes of it is a value, and a good one is stable.
 */
class MutatedMessagesTest {
  private static final String[] MESSAGES = {
    "wsinv",
    "intmeth",
    "esc01",
    "mpart01",
    "regaut01",
    "longreq",
    "transports",
    "unreason",
    "multi01"
  };
  private static final byte[] SHARP =
      "\r\n\t :;,<>\"\\=%@[]()?*\0\u007f".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

  /** More with {@code -Dtandem.mutations=…}. */
  private static final int ROUNDS = Integer.getInteger("tandem.mutations", 4_000);

  private final SipParser parser = new SipParser();

  @ParameterizedTest
  @ValueSource(longs = {1, 20_261_122, 4_475})
  void damage_never_escapes_and_what_stays_good_stays_stable(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] wire = damaged(random, MESSAGES[random.nextInt(MESSAGES.length)]);
      ParseOutcome outcome = parser.parse(wire);
      if (outcome instanceof ParseOutcome.Good good) {
        touchEverything(good.message());
        byte[] written = good.message().toBytes();
        assertThat(parser.parse(written))
            .as("seed %d round %d", seed, round)
            .isInstanceOfSatisfying(
                ParseOutcome.Good.class,
                again -> assertThat(again.message().toBytes()).isEqualTo(written));
      } else if (outcome instanceof ParseOutcome.Bad bad) {
        bad.answer("t").ifPresent(SipMessage::toBytes);
      }
    }
  }

  private static void touchEverything(SipMessage message) {
    message.from();
    message.to();
    message.fromTag();
    message.toTag();
    message.vias();
    message.topVia().rport();
    message.callId();
    message.cseq();
    message.contacts().forEach(NameAddress::qThousandths);
    message.contacts().forEach(NameAddress::expiresSeconds);
    message.routes();
    message.recordRoutes();
    message.maxForwards();
    message.expiresSeconds();
    message.auth(HeaderName.AUTHORIZATION);
    message.addresses(HeaderName.REFER_TO);
    message.optionTags(HeaderName.SUPPORTED);
    if (message instanceof SipRequest request) {
      request.uri().userText();
      SipResponse.to(request, 200, "t").toBytes();
    }
  }

  private static byte[] damaged(Random random, String name) {
    byte[] wire = TortureMessagesTest.rfc4475(name);
    int wounds = 1 + random.nextInt(4);
    for (int i = 0; i < wounds; i++) {
      int at = random.nextInt(wire.length);
      switch (random.nextInt(4)) {
        case 0 -> wire[at] = (byte) random.nextInt(256);
        case 1 -> wire[at] = SHARP[random.nextInt(SHARP.length)];
        case 2 -> wire = Arrays.copyOf(wire, Math.max(1, at));
        default -> {
          int from = random.nextInt(wire.length);
          int length = Math.min(random.nextInt(20), wire.length - Math.max(from, at));
          System.arraycopy(wire, from, wire, at, length);
        }
      }
    }
    return wire;
  }
}
