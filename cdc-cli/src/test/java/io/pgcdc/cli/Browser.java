package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pgcdc.servers.testing.Await;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** This machine's Chromium, without a window. One thread. */
final class Browser implements AutoCloseable {

    private static final int WIDE = 1_280;
    private static final int PHONE = 390;
    private static final int HIGH = 900;
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Starts it. Skips the test on a machine that lacks Debian's packages chromium and chromium-driver. */
    static Browser start() {
        Path chromium = find("chromium");
        Path chromedriver = find("chromedriver");
        assumeTrue(
                chromium != null && chromedriver != null,
                "no Chromium here: apt-get install chromium chromium-driver, and this test runs");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, java.util.logging.Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.toString());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars");
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(chromedriver.toFile())
                .usingAnyFreePort()
                .build();
        Browser browser = new Browser(new ChromeDriver(service, options));
        browser.wide();
        return browser;
    }

    private static Path find(String program) {
        for (String directory : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            Path there = Path.of(directory, program);
            if (Files.isExecutable(there)) {
                return there;
            }
        }
        return null;
    }

    void open(String url) {
        driver.get(url);
    }

    void wide() {
        driver.manage().window().setSize(new Dimension(WIDE, HIGH));
    }

    /** Shows the page as a phone does. */
    void phone() {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", PHONE, "height", HIGH, "deviceScaleFactor", 1, "mobile", true));
    }

    /** Shows the page to somebody who prefers dark colours, or light ones. */
    void dark(boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** Returns the value of an expression in the page, as text. */
    String ask(String expression) {
        return String.valueOf(driver.executeScript("return " + expression));
    }

    /** Returns the text that is shown in the first element that the selector finds; empty: there is none. */
    String text(String selector) {
        return ask("(document.querySelector(\"" + selector + "\") || {innerText: \"\"}).innerText");
    }

    void awaitText(String selector, String part) {
        try {
            Await.until(
                    selector + " to show " + part, LONGEST, () -> text(selector).contains(part));
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; it shows: " + text(selector), e);
        }
    }

    void await(String expression) {
        Await.until(expression, LONGEST, () -> ask(expression).equals("true"));
    }

    /** Presses a key, in the element that has the focus. */
    void press(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    /** Returns the findings of axe-core that are serious or worse; empty: none. */
    List<?> seriousFindings() throws IOException {
        try (InputStream script = Browser.class.getResourceAsStream("/axe.min.js")) {
            assertNotNull(script);
            driver.executeScript(new String(script.readAllBytes(), StandardCharsets.UTF_8));
        }
        Object findings = driver.executeAsyncScript("const done = arguments[arguments.length - 1];"
                + "axe.run(document).then(found => done(found.violations"
                + ".filter(one => ['serious', 'critical'].includes(one.impact))"
                + ".map(one => one.id + ': ' + one.nodes.map(node => node.html).slice(0, 3).join(' '))));");
        return (List<?>) findings;
    }

    /** Checks that nothing was blocked, and that no script failed. Requests that a server did not answer do not count. */
    void requireNoComplaints() {
        List<String> complaints = driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(entry -> entry.getMessage())
                .filter(message -> !message.contains("ERR_CONNECTION")
                        && !message.contains("ERR_INCOMPLETE")
                        && !message.contains("favicon")
                        && !message.contains("status of 503"))
                .toList();
        assertEquals(List.of(), complaints);
    }

    /** Forgets the complaints until now. */
    void forgetComplaints() {
        driver.manage().logs().get(LogType.BROWSER);
    }

    /** Writes a picture of the whole page. */
    void picture(Path file) throws IOException {
        Object height = driver.executeScript("return document.documentElement.scrollHeight");
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of(
                        "width",
                        ((Number) driver.executeScript("return innerWidth")).intValue(),
                        "height",
                        ((Number) height).intValue(),
                        "deviceScaleFactor",
                        1,
                        "mobile",
                        false));
        Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
        driver.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
    }

    @Override
    public void close() {
        driver.quit();
    }
}
