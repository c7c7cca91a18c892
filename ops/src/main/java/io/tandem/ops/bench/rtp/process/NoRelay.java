package io.tandem.ops.bench.rtp.process;

import io.tandem.protocol.media.relay.Side;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * Nobody between the phones: {@code NoRelay direct CALLS FIRST_PHONE_PORT}. Tells each phone to
 * send to the other one, so that what is measured is the generator and the kernel alone, the floor
 * under every latency. Speaks like {@link RelayHost}.
 */
public final class NoRelay {
  private NoRelay() {}

  /** See the class. */
  public static void main(String[] arguments) throws IOException {
    int calls = Integer.parseInt(arguments[1]);
    PhoneSockets phones = new PhoneSockets(Integer.parseInt(arguments[2]));
    StringBuilder ports = new StringBuilder();
    for (int call = 0; call < calls; call++) {
      ports.append(phones.phone(Side.B, call).getPort()).append(' ');
      ports.append(phones.phone(Side.A, call).getPort()).append('\n');
    }
    System.out.println(ports.append("ready"));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    while (in.readLine() != null) {
      System.out.println("0 0");
    }
  }
}
