package io.tandem.protocol.media.speech;

import io.tandem.protocol.media.playout.Prompt;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * espeak-ng, a program of its own for each text: a hundred languages, no network. The text goes in
 * by a pipe, so that no process list shows it; a process that takes too long or says too much is
 * killed.
 */
public final class EspeakSpeech implements Speech {
  private static final int MAX_OCTETS = 32 << 20;

  private final String program;
  private final String language;
  private final Duration limit;

  /**
   * @param program a path, or a name that is found on the PATH
   * @param language as {@code espeak-ng --voices} names it, {@code en-us} or {@code de}
   * @param limit how long a text may take
   * @throws IllegalArgumentException when the language could be read as an option or a file
   */
  public EspeakSpeech(String program, String language, Duration limit) {
    if (!language.matches("[a-z]{2,3}(-[a-z0-9]{1,8}){0,3}")) {
      throw new IllegalArgumentException("no language of espeak-ng: " + language);
    }
    this.program = program;
    this.language = language;
    this.limit = limit;
  }

  @Override
  public String voice() {
    return "espeak-ng/" + language;
  }

  @Override
  public Spoken speak(String text) {
    Process process;
    try {
      process =
          new ProcessBuilder(List.of(program, "-v", language, "-b", "1", "--stdin", "--stdout"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException missing) {
      return new Spoken.Failed("espeak-ng cannot be started: " + missing.getMessage());
    }
    try {
      return heard(process, text);
    } finally {
      process.destroyForcibly();
    }
  }

  private Spoken heard(Process process, String text) {
    CompletableFuture<byte[]> sound = new CompletableFuture<>();
    Thread.ofVirtual().name("espeak").start(() -> exchange(process, text, sound));
    try {
      byte[] wav = sound.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (wav.length > MAX_OCTETS) {
        return new Spoken.Failed("espeak-ng said too much");
      }
      return switch (Prompt.wav(new ByteArrayInputStream(wav))) {
        case Prompt.Reading.Read(Prompt prompt) -> new Spoken.Said(prompt);
        case Prompt.Reading.Refused(String reason) -> new Spoken.Failed("espeak-ng: " + reason);
      };
    } catch (TimeoutException late) {
      return new Spoken.Failed("espeak-ng took longer than " + limit.toMillis() + " ms");
    } catch (ExecutionException | IOException broken) {
      return new Spoken.Failed("espeak-ng broke off");
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return new Spoken.Failed("interrupted");
    }
  }

  /** Ends when the process does, or with the pipes of one that is killed. */
  private static void exchange(Process process, String text, CompletableFuture<byte[]> sound) {
    try (InputStream out = process.getInputStream()) {
      try (OutputStream in = process.getOutputStream()) {
        in.write(text.getBytes(StandardCharsets.UTF_8));
      }
      sound.complete(out.readNBytes(MAX_OCTETS + 1));
    } catch (IOException broken) {
      sound.completeExceptionally(broken);
    }
  }
}
