package io.tandem.persistence.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tandem.persistence.journal.Hash;
import io.tandem.persistence.readmodel.FeedPosition;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignedCheckpointTest {

  private static final SigningKey KEY = new SigningKey("tandem", new byte[32]);

  private static SignedCheckpoint sample() {
    MerkleTree tree = new MerkleTree();
    for (byte i = 0; i < 5; i++) {
      tree.add(MerkleTree.leaf(new byte[] {i}));
    }
    return SignedCheckpoint.sign(
        new Checkpoint(
            "tandem",
            5,
            tree.root(),
            2,
            Instant.parse("2026-11-22T12:00:00.123Z"),
            Hash.of(new byte[] {1}),
            new FeedPosition(7, 9),
            Hash.of(new byte[] {2}),
            tree.frontier()),
        KEY);
  }

  /** RFC 8032 section 7.1, test 1. */
  @Test
  void signatures_are_those_of_rfc_8032() {
    HexFormat hex = HexFormat.of();
    SigningKey key =
        new SigningKey(
            "x", hex.parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
    assertThat(Base64.getDecoder().decode(key.verifying().toString().split("\\+", 3)[2]))
        .isEqualTo(
            hex.parseHex("01d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
    assertThat(hex.formatHex(key.sign(new byte[0])))
        .isEqualTo(
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
  }

  /** The example of golang.org/x/mod/sumdb/note. */
  @Test
  void keys_and_signatures_of_other_tools_for_signed_notes_are_read() {
    String text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    VerifyingKey key = VerifyingKey.parse(text);
    byte[] signed =
        Base64.getDecoder()
            .decode(
                "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=");
    byte[] note =
        "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
            .getBytes(StandardCharsets.UTF_8);

    assertThat(key).hasToString(text);
    assertThat(java.util.Arrays.copyOf(signed, 4)).isEqualTo(key.id());
    assertThat(key.verifies(note, java.util.Arrays.copyOfRange(signed, 4, signed.length))).isTrue();
    note[0]++;
    assertThat(key.verifies(note, java.util.Arrays.copyOfRange(signed, 4, signed.length)))
        .isFalse();
  }

  @Test
  void a_note_is_read_back_as_it_was_signed() {
    SignedCheckpoint sample = sample();
    VerifyingKey told = VerifyingKey.parse(KEY.verifying().toString());

    SignedCheckpoint read = SignedCheckpoint.read(sample.note(), told);

    assertThat(read).isEqualTo(sample);
    assertThat(sample.note()).startsWith("tandem\n5\n").contains("\n\n\u2014 tandem ");
  }

  @Test
  void every_changed_character_of_a_note_is_noticed() {
    String note = sample().note();
    for (int i = 0; i < note.length(); i++) {
      String changed = note.substring(0, i) + (char) (note.charAt(i) ^ 1) + note.substring(i + 1);
      assertThatExceptionOfType(IllegalArgumentException.class)
          .as("at %s of %s", i, note)
          .isThrownBy(() -> SignedCheckpoint.read(changed, KEY.verifying()));
      String cut = note.substring(0, i);
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> SignedCheckpoint.read(cut, KEY.verifying()));
    }
  }

  @Test
  void another_key_of_the_same_name_signs_for_nobody() {
    byte[] other = new byte[32];
    other[0] = 1;
    SignedCheckpoint forged =
        SignedCheckpoint.sign(sample().checkpoint(), new SigningKey("tandem", other));

    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> SignedCheckpoint.read(forged.note(), KEY.verifying()))
        .withMessageContaining("another key");
  }

  @Test
  void a_list_of_events_is_packed_and_unpacked_whatever_entities_are_called() {
    Segment segment =
        new Segment(
            List.of(
                new Segment.Line("tally|a b%\n", 3, Hash.of(new byte[] {1})),
                new Segment.Line("number|+1212", 1, Hash.of(new byte[] {2}))),
            List.of(new Segment.Line("tally|é", 4, Hash.of(new byte[] {3}))),
            List.of(new Segment.Line("supersession", 1, Hash.of(new byte[] {4}))));

    assertThat(Segment.unpack(segment.packed())).isEqualTo(segment);
    assertThat(Segment.unpack(segment.packed()).hash()).isEqualTo(segment.hash());
  }
}
