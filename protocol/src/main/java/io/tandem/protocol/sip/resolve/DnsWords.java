package io.tandem.protocol.sip.resolve;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A response of a name server read into an answer; pure. */
final class DnsWords {
  /** What a negative answer is good for that does not say it (RFC 2308 section 5 wants little). */
  private static final long NOTHING_SECONDS = 30;

  private static final int RECORDS_MAX = 100;
  private static final int OCTETS_4 = 4;
  private static final int OCTETS_6 = 16;

  private DnsWords() {}

  /** Records of the type wherever aliases led the server; the others are passed over. */
  static Dns.Answer answer(Dns.Kind kind, DnsRecordType type, DnsResponse response) {
    DnsResponseCode code = response.code();
    if (!code.equals(DnsResponseCode.NOERROR) && !code.equals(DnsResponseCode.NXDOMAIN)) {
      return new Dns.Failed("the name server said " + code);
    }
    try {
      List<Dns.Entry> entries = new ArrayList<>();
      long ttl = Long.MAX_VALUE;
      int count = Math.min(RECORDS_MAX, response.count(DnsSection.ANSWER));
      for (int i = 0; i < count; i++) {
        DnsRecord each = response.recordAt(DnsSection.ANSWER, i);
        ttl = Math.min(ttl, each.timeToLive());
        if (each.type().equals(type) && each instanceof DnsRawRecord raw) {
          entries.add(entry(kind, raw.content().duplicate()));
        }
      }
      return entries.isEmpty()
          ? new Dns.Nothing(negativeSeconds(response))
          : new Dns.Found(entries, ttl);
    } catch (RuntimeException | UnknownHostException malformed) {
      return new Dns.Failed("a record that cannot be read: " + malformed);
    }
  }

  private static Dns.Entry entry(Dns.Kind kind, ByteBuf data) throws UnknownHostException {
    return switch (kind) {
      case NAPTR -> {
        int order = data.readUnsignedShort();
        int preference = data.readUnsignedShort();
        String flags = word(data);
        String service = word(data);
        var unusedRegexp = word(data);
        yield new Dns.Naptr(order, preference, flags, service, name(data));
      }
      case SRV ->
          new Dns.Srv(
              data.readUnsignedShort(),
              data.readUnsignedShort(),
              data.readUnsignedShort(),
              name(data));
      case A -> address(data, OCTETS_4);
      case AAAA -> address(data, OCTETS_6);
    };
  }

  private static Dns.Address address(ByteBuf data, int octets) throws UnknownHostException {
    byte[] address = new byte[octets];
    data.readBytes(address);
    return new Dns.Address(InetAddress.getByAddress(address));
  }

  /** RFC 1035 3.3: a character-string. */
  private static String word(ByteBuf data) {
    int octets = data.readUnsignedByte();
    return data.readCharSequence(octets, StandardCharsets.US_ASCII).toString();
  }

  /** Without its last dot; the root is empty. */
  private static String name(ByteBuf data) {
    String name = DefaultDnsRecordDecoder.decodeName(data);
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  /** RFC 2308 section 5: the shorter of the SOA's own time and its minimum. */
  private static long negativeSeconds(DnsResponse response) {
    int count = Math.min(RECORDS_MAX, response.count(DnsSection.AUTHORITY));
    for (int i = 0; i < count; i++) {
      DnsRecord each = response.recordAt(DnsSection.AUTHORITY, i);
      if (each.type().equals(DnsRecordType.SOA) && each instanceof DnsRawRecord raw) {
        ByteBuf data = raw.content().duplicate();
        var unusedServer = name(data);
        var unusedMailbox = name(data);
        data.skipBytes(4 * Integer.BYTES);
        return Math.min(each.timeToLive(), data.readUnsignedInt());
      }
    }
    return NOTHING_SECONDS;
  }
}
