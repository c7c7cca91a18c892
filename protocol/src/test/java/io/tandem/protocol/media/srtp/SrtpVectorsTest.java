package io.tandem.protocol.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The vectors of the RFCs, and whole packets as libsrtp's own test driver makes them. */
class SrtpVectorsTest {
  private static final SrtpKeys CM_KEYS =
      SrtpKeys.of(
          SrtpProfile.AES_CM_128_HMAC_SHA1_80,
          hex("e1f97a0d3e018be0d64fa32c06de4139"),
          hex("0ec675ad498afeebb6960b3aabe6"));
  private static final SrtpKeys GCM_KEYS =
      SrtpKeys.of(
          SrtpProfile.AEAD_AES_128_GCM,
          hex("000102030405060708090a0b0c0d0e0f"),
          hex("a0a1a2a3a4a5a6a7a8a9aaab"));
  private static final String RTP = "800f1234decafbadcafebabe" + "abababababababababababababababab";
  private static final String RTCP = "81c8000bcafebabe" + "abababababababababababababababab";

  @Test
  void the_keystream_is_that_of_rfc_3711_b2() {
    AesCounter aes = new AesCounter(hex("2b7e151628aed2a6abf7158809cf4f3c"));
    byte[] first = new byte[48];
    aes.apply(hex("f0f1f2f3f4f5f6f7f8f9fafbfcfd0000"), first, 0, 48);
    assertThat(hex(first))
        .isEqualTo(
            "e03ead0935c95e80e166b16dd92b4eb4d23513162b02d0f72a43a2fe4a5f97ab"
                + "41e95b3bb0a2e8dd477901e4fca894c0");
    byte[] last = new byte[48];
    aes.apply(hex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"), last, 0, 48);
    assertThat(hex(last))
        .isEqualTo(
            "ec8cdf7398607cb0f2d21675ea9ea1e4362b7c3c6773516318a077d7fc5073ae"
                + "6a2cc3787889374fbeb4c81b17ba6c44");
  }

  @Test
  void the_session_keys_are_those_of_rfc_3711_b3() {
    SessionKeys keys = SessionKeys.forRtp(CM_KEYS);
    assertThat(hex(keys.cipherKey())).isEqualTo("c61e7a93744f39ee10734afe3ff7a087");
    assertThat(hex(keys.salt())).isEqualTo("30cbbc08863d8c85d49db34a9ae1");
    assertThat(hex(keys.authenticationKey())).isEqualTo("cebe321f6ff7716b6fd4ab49af256a156d38baa4");
    byte[] long94 = SessionKeys.octets(new AesCounter(CM_KEYS.key()), CM_KEYS.salt(), 1, 94);
    assertThat(hex(long94))
        .isEqualTo(
            "cebe321f6ff7716b6fd4ab49af256a156d38baa48f0a0acf3c34e2359e6cdbcee049646c43d9327ad"
                + "175578ef72270986371c10c9a369ac2f94a8c5fbcdddc256d6e919a48b610ef17c2041e474035766"
                + "b68642c59bbfc2f34db60dbdfb2");
  }

  @Test
  void the_session_keys_of_256_bits_are_those_of_rfc_6188_7_4() {
    SessionKeys keys =
        SessionKeys.forRtp(
            SrtpKeys.of(
                SrtpProfile.AES_256_CM_HMAC_SHA1_80,
                hex("f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6"),
                hex("3b04803de51ee7c96423ab5b78d2")));
    assertThat(hex(keys.cipherKey()))
        .isEqualTo("5ba1064e30ec51613cad926c5a28ef731ec7fb397f70a960653caf06554cd8c4");
    assertThat(hex(keys.salt())).isEqualTo("fa31791685ca444a9e07c6c64e93");
    assertThat(hex(keys.authenticationKey())).isEqualTo("fd9c32d39ed5fbb5a9dc96b30818454d1313dc05");
  }

  @Test
  void an_rtp_packet_sealed_with_aes_gcm_is_that_of_rfc_7714_16() {
    String packet = "8040f17b8041f8d35501a0b2" + ascii("Gallia est omnis divisa in partes tres");
    byte[] salt = "Quid pro quo".getBytes(StandardCharsets.US_ASCII);
    String key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    assertThat(sealed(session(SrtpProfile.AEAD_AES_128_GCM, key, salt), packet, false))
        .isEqualTo(
            "8040f17b8041f8d35501a0b2f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51"
                + "c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce");
    assertThat(sealed(session(SrtpProfile.AEAD_AES_256_GCM, key, salt), packet, false))
        .isEqualTo(
            "8040f17b8041f8d35501a0b232b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276"
                + "ffae0f1ba63799b87b7aa3db36dfffd6b0f9bb7878d7a76c13");
  }

  @Test
  void whole_packets_in_counter_mode_are_those_of_libsrtp() {
    SrtpSealer sealer = new SrtpSealer(CM_KEYS, SrtpOpener.UNLIMITED);
    assertThat(sealed(sealer, RTP, false))
        .isEqualTo("800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb");
    var unused = sealed(sealer, RTCP, true);
    assertThat(sealed(sealer, RTCP, true))
        .isEqualTo("81c8000bcafebabe7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798");
  }

  @Test
  void whole_packets_in_gcm_are_those_of_libsrtp() {
    SrtpSealer sealer = new SrtpSealer(GCM_KEYS, SrtpOpener.UNLIMITED);
    assertThat(sealed(sealer, RTP, false))
        .isEqualTo(
            "800f1234decafbadcafebabec5002ede04cfdd2eb91159e0880aa06ed2976826f796b201df3131a1"
                + "27e8a392");
    var unused = sealed(sealer, RTCP, true);
    assertThat(sealed(sealer, RTCP, true))
        .isEqualTo(
            "81c8000bcafebabec98b8b5df0392a55852b6c21ac8e7025c52c6fbea2b3b446ea31123ba88ce61e"
                + "80000001");
  }

  @Test
  void hmac_sha1_is_that_of_rfc_2202() {
    byte[] data = "what do ya want for nothing?".getBytes(StandardCharsets.US_ASCII);
    HmacSha1 hmac = new HmacSha1("Jefe".getBytes(StandardCharsets.US_ASCII));
    assertThat(hex(hmac.of(data, data.length)))
        .isEqualTo("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  }

  private static SrtpSealer session(SrtpProfile profile, String key, byte[] salt) {
    byte[] octets = hex(key.substring(0, 2 * profile.keyOctets()));
    return new SrtpSealer(
        SrtpKeys.of(profile, octets, salt), new SessionKeys(octets, salt, new byte[0]));
  }

  private static String sealed(SrtpSealer sealer, String packet, boolean rtcp) {
    byte[] octets = hex(packet);
    ByteBuf buffer = Unpooled.directBuffer(2048).writeBytes(octets);
    int length = rtcp ? sealer.rtcp(buffer) : sealer.rtp(buffer);
    assertThat(length).isEqualTo(buffer.readableBytes());
    return ByteBufUtil.hexDump(buffer);
  }

  private static String ascii(String text) {
    return hex(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  private static String hex(byte[] octets) {
    return HexFormat.of().formatHex(octets);
  }
}
