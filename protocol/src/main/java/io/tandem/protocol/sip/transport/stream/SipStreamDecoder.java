package io.tandem.protocol.sip.transport.stream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.tandem.protocol.sip.message.ParseOutcome;
import io.tandem.protocol.sip.message.SipLimits;
import io.tandem.protocol.sip.message.SipParser;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Cuts a stream into messages by Content-Length (RFC 3261 section 18.3) and hands on a {@link
 * ParseOutcome} for each, a {@link KeepAlive} for each double CRLF between them (RFC 5626 section
 * 3.5.1), and {@link FramingLost} as the last thing when the next message's start is not knowable.
 */
public final class SipStreamDecoder extends ByteToMessageDecoder implements Framing {

  /** A ping; to be answered with one CRLF. */
  public enum KeepAlive {
    PING
  }

  /** The stream cannot be read on: after what came before, the connection is to be closed. */
  public enum FramingLost {
    LOST
  }

  private final SipParser parser;
  private final SipLimits limits;

  /** How far the head at the reader index was searched for its end. */
  private int scanned;

  /** Length of head and body of the message at the reader index; -1 while the head has no end. */
  private int frameBytes = -1;

  private boolean sawCrlf;
  private boolean lost;

  public SipStreamDecoder(SipLimits limits) {
    this.limits = limits;
    this.parser = new SipParser(limits);
  }

  @Override
  public boolean isInsideMessage() {
    return !lost && internalBuffer().isReadable();
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (lost) {
      in.skipBytes(in.readableBytes());
      return;
    }
    if (frameBytes < 0 && scanned == 0 && !skipLineEnds(in, out)) {
      return;
    }
    if (frameBytes < 0) {
      int headBytes = headBytes(in);
      if (headBytes < 0) {
        if (in.readableBytes() > limits.messageBytes()) {
          lose(in, in.readableBytes(), out);
        }
        return;
      }
      int bodyBytes = contentLength(in, headBytes);
      if (bodyBytes < 0 || headBytes + bodyBytes > limits.messageBytes()) {
        lose(in, headBytes, out);
        return;
      }
      frameBytes = headBytes + bodyBytes;
    }
    if (in.readableBytes() >= frameBytes) {
      out.add(parse(in, frameBytes));
      frameBytes = -1;
      scanned = 0;
      sawCrlf = false;
    }
  }

  /** Takes CRLFs before a message; false when nothing else is there yet. */
  private boolean skipLineEnds(ByteBuf in, List<Object> out) {
    while (in.isReadable()) {
      byte first = in.getByte(in.readerIndex());
      if (first != '\r' && first != '\n') {
        return true;
      }
      if (first == '\r' && in.readableBytes() == 1) {
        return false;
      }
      boolean crlf = first == '\r' && in.getByte(in.readerIndex() + 1) == '\n';
      in.skipBytes(crlf ? 2 : 1);
      if (crlf && sawCrlf) {
        out.add(KeepAlive.PING);
      }
      sawCrlf = crlf && !sawCrlf;
    }
    return false;
  }

  /** The bytes of the head with its empty line, or -1 when that is not there yet. */
  private int headBytes(ByteBuf in) {
    int from = in.readerIndex();
    int end = in.writerIndex();
    int at = from + scanned;
    while (true) {
      int newline = in.indexOf(at, end, (byte) '\n');
      if (newline < 0) {
        // the last two bytes may be the first half of the empty line
        scanned = Math.max(0, end - from - 2);
        return -1;
      }
      int next = newline + 1;
      if (next < end && in.getByte(next) == '\n') {
        return next + 1 - from;
      }
      if (next + 1 < end && in.getByte(next) == '\r' && in.getByte(next + 1) == '\n') {
        return next + 2 - from;
      }
      at = next;
    }
  }

  /** Content-Length of the head, or -1 when it is absent, doubled or no number. */
  private int contentLength(ByteBuf in, int headBytes) {
    int lineFrom = in.readerIndex();
    int end = lineFrom + headBytes;
    int length = -1;
    while (lineFrom < end) {
      int lineTo = foldedLineEnd(in, lineFrom, end);
      byte first = in.getByte(lineFrom);
      if ((first | 0x20) == 'c' || (first | 0x20) == 'l') {
        int value =
            lengthField(in.toString(lineFrom, lineTo - lineFrom, StandardCharsets.US_ASCII));
        if (value != NOT_LENGTH) {
          if (length >= 0 || value < 0) {
            return -1;
          }
          length = value;
        }
      }
      lineFrom = lineTo + 1;
    }
    return length;
  }

  /** The LF that ends a header line and the lines that continue it, or the end. */
  private static int foldedLineEnd(ByteBuf in, int from, int end) {
    int at = from;
    while (true) {
      int newline = in.indexOf(at, end, (byte) '\n');
      if (newline < 0) {
        return end;
      }
      boolean folded =
          newline + 1 < end && (in.getByte(newline + 1) == ' ' || in.getByte(newline + 1) == '\t');
      if (!folded) {
        return newline;
      }
      at = newline + 1;
    }
  }

  private static final int NOT_LENGTH = -2;

  /** The value of a Content-Length line, -1 for a malformed one, NOT_LENGTH for other lines. */
  private static int lengthField(String line) {
    int colon = line.indexOf(':');
    if (colon < 0) {
      return NOT_LENGTH;
    }
    String name = line.substring(0, colon).strip();
    if (!name.equalsIgnoreCase("l") && !name.equalsIgnoreCase("Content-Length")) {
      return NOT_LENGTH;
    }
    String digits = line.substring(colon + 1).strip();
    if (digits.isEmpty()
        || digits.length() > 9
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    return Integer.parseInt(digits);
  }

  /** Reads what can be read of a message whose end is unknown, so that it can be answered. */
  private void lose(ByteBuf in, int bytes, List<Object> out) {
    ParseOutcome outcome = parse(in, bytes);
    if (outcome instanceof ParseOutcome.Good good) {
      outcome = ParseOutcome.refusing(good.message(), "Content-Length", "missing on a stream");
    }
    out.add(outcome);
    out.add(FramingLost.LOST);
    lost = true;
    in.skipBytes(in.readableBytes());
  }

  private ParseOutcome parse(ByteBuf in, int bytes) {
    byte[] frame = new byte[bytes];
    in.readBytes(frame);
    return parser.parse(frame);
  }
}
