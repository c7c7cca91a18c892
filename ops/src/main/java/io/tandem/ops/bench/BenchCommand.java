package io.tandem.ops.bench;

import io.tandem.ops.bench.audit.AuditBench;
import io.tandem.ops.bench.call.CallBench;
import io.tandem.ops.bench.rtp.RtpBench;
import io.tandem.ops.bench.sip.SipBench;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tandem bench}: which benchmark is the next word. */
@Command(
    name = "bench",
    description = "Measures Tandem beside a peer, on this machine.",
    mixinStandardHelpOptions = true,
    subcommands = {
      EntityBench.class,
      JournalBench.class,
      CallBench.class,
      RtpBench.class,
      MixBench.class,
      SipBench.class,
      AuditBench.class
    })
public final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which benchmark?");
  }
}
