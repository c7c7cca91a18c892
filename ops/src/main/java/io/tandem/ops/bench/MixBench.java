package io.tandem.ops.bench;

import io.tandem.protocol.media.bench.MixLoad;
import io.tandem.protocol.media.bench.MixLoad.Load;
import io.tandem.protocol.media.bench.MixLoad.Outcome;
import io.tandem.protocol.media.codec.Opus;
import io.tandem.protocol.media.codec.VoiceCodec;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code tandem bench mix}: participants of conferences one core carries, in rooms of 3, 20 and 200
 * (TEL-8), with the garbage of a frame. Packets in, packets out; sockets are not in it.
 */
@Command(
    name = "mix",
    description = "Conference participants one core carries, in rooms of 3, 20 and 200.",
    mixinStandardHelpOptions = true)
public final class MixBench implements Callable<Integer> {
  private static final int TALKERS = 3;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--rooms", split = ",", defaultValue = "3,20,200", description = "room sizes")
  private List<Integer> sizes = List.of();

  @Option(
      names = "--participants",
      defaultValue = "200",
      description = "in all rooms of a row together (${DEFAULT-VALUE})")
  private int participants;

  @Option(
      names = "--codecs",
      split = ",",
      defaultValue = "G.711,G.722,Opus,mixed",
      description = "of ${DEFAULT-VALUE}; mixed is a third each")
  private List<String> codecs = List.of();

  @Option(names = "--beats", defaultValue = "150", description = "measured (${DEFAULT-VALUE})")
  private int beats;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    for (String name : codecs) {
      if (!known().containsKey(name)) {
        throw new ParameterException(
            spec.commandLine(),
            "--codecs: found " + name + ", allowed: " + String.join(", ", known().keySet()));
      }
    }
    out.printf(
        "Opus is %s; %d talk in each room, the others send a background.%n%n",
        Opus.best(), TALKERS);
    out.println(
        "| codecs | room | µs CPU a participant in 20 ms | participants a core | octets of garbage"
            + " a frame |");
    out.println("| --- | ---: | ---: | ---: | ---: |");
    boolean complete = true;
    for (Map.Entry<String, List<VoiceCodec>> mix : known().entrySet()) {
      if (!codecs.contains(mix.getKey())) {
        continue;
      }
      for (int size : sizes) {
        int rooms = Math.max(1, participants / size);
        Outcome outcome = MixLoad.run(new Load(size, rooms, TALKERS, mix.getValue(), beats, beats));
        complete &= outcome.packetsOut() == (long) rooms * size * beats;
        out.printf(
            "| %s | %d | %.2f | %,d | %.1f |%n",
            mix.getKey(),
            size,
            outcome.cpuMicros(),
            outcome.participantsPerCore(),
            outcome.garbageOctets());
        out.flush();
      }
    }
    out.println(complete ? "Every participant was sent a packet a beat." : "PACKETS ARE MISSING.");
    return complete ? 0 : 1;
  }

  private static Map<String, List<VoiceCodec>> known() {
    Map<String, List<VoiceCodec>> mixes = new LinkedHashMap<>();
    mixes.put("G.711", List.of(VoiceCodec.PCMU));
    mixes.put("G.722", List.of(VoiceCodec.G722));
    mixes.put("Opus", List.of(VoiceCodec.OPUS));
    List<VoiceCodec> all = new ArrayList<>();
    all.add(VoiceCodec.PCMU);
    all.add(VoiceCodec.G722);
    all.add(VoiceCodec.OPUS);
    mixes.put("mixed", all);
    return mixes;
  }
}
